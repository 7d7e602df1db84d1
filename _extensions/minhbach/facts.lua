-- One filter for both engines: facts, declared text, formulas, tables, figures, cross references, headings and notes.
-- In Quarto it comes before Quarto's own filters, to which it leaves nothing to number or to refer to, so that both
-- engines say the same. Everything it finds wrong is told at once, at the end.

local TYPST = FORMAT:match("typst") ~= nil
local QUARTO = quarto ~= nil
local BESIDE = pandoc.path.directory(PANDOC_SCRIPT_FILE)
local tables = dofile(pandoc.path.join({ BESIDE, "tables.lua" }))
local in_quarto = QUARTO and dofile(pandoc.path.join({ BESIDE, "quarto.lua" }))
local LANGUAGES = {
  vi = { tbl = "Bảng", fig = "Hình", anx = "Phụ lục", note = "Ghi chú" },
  en = { tbl = "Table", fig = "Figure", anx = "Annex", note = "Note" },
}
LANGUAGES.vi.letters = "a b c d đ e g h i k l m n o p q r s t u v x y"
LANGUAGES.en.letters = "a b c d e f g h i j k l m n o p q r s t u v w x y z"
local words = LANGUAGES.vi
local problems, numbers, counts, seen = {}, {}, { tbl = 0, fig = 0, anx = 0 }, {}
local room = tables.WIDTH.portrait

-- `needle` is the text by which the caller finds the line.
local function problem(needle, message)
  problems[#problems + 1] = "problem: " .. needle .. "\t" .. message
end

local function quoted(text)
  local safe = text:gsub('[\\"]', "\\%0"):gsub("%s+", " ")
  return '"' .. safe .. '"'
end

local function typst(code)
  return pandoc.RawInline("typst", code)
end

-- The closing semicolon keeps Typst from reading what follows as further arguments.
local function call(code, inlines)
  local list = pandoc.Inlines({ typst("#" .. code .. "[") })
  list:extend(inlines)
  list:insert(typst("];"))
  return list
end

-- A number that nobody wrote, in HTML.
local function generated(text)
  return pandoc.Span({ pandoc.Str(text) }, pandoc.Attr("", { "numbering" }))
end

-- Formulas -------------------------------------------------------------------------------------------------

local SIGNS = {
  times = "×", cdot = "·", div = "÷", le = "≤", leq = "≤", ge = "≥", geq = "≥", ne = "≠", neq = "≠", pm = "±",
  approx = "≈", sum = "∑", prod = "∏", infty = "∞", left = "", right = "", quad = " ", qquad = " ",
  dots = "…", ldots = "…", cdots = "…", displaystyle = "",
}

-- Words for a formula that came without: what a person would read out from its TeX source.
local function spoken(tex)
  local text, before = tex:gsub("\\[,;:!> ]", " "):gsub("{,}", ","), nil
  while text ~= before do
    before = text
    text = text:gsub("\\[dt]?frac%s*(%b{})%s*(%b{})", function(a, b)
      return "(" .. a:sub(2, -2) .. ") / (" .. b:sub(2, -2) .. ")"
    end)
    text = text:gsub("\\sqrt%s*(%b{})", function(a) return "√(" .. a:sub(2, -2) .. ")" end)
    text = text:gsub("\\text%l*%s*(%b{})", function(a) return a:sub(2, -2) end)
    text = text:gsub("\\math%l+%s*(%b{})", function(a) return a:sub(2, -2) end)
    text = text:gsub("\\operatorname%s*(%b{})", function(a) return a:sub(2, -2) end)
  end
  text = text:gsub("\\(%a+)", function(name) return SIGNS[name] or name end)
  return (text:gsub("\\(.)", "%1"):gsub("[{}]", ""):gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

local function formula(math, alt, classes)
  local words_of_it = quoted(alt or spoken(math.text))
  -- Both engines set a space after a comma, also after the decimal one.
  math.text = math.text:gsub("(%d+){,}(%d+)", "\\text{%1,%2}")
  if TYPST then return call("formula(" .. words_of_it .. ")", { math }) end
  if alt then return pandoc.Span({ math }, pandoc.Attr("", classes, { { "role", "math" }, { "aria-label", alt } })) end
  return math
end

-- Facts and declared text ----------------------------------------------------------------------------------

-- Whether a mark begins or ends its paragraph or cell, which the template must know to find its place.
local function place_of(span, long)
  local more = span.attributes.first and { "first: true" } or {}
  if long then more[#more + 1] = "long: true" end
  if span.attributes.last and long ~= false then more[#more + 1] = "last: true" end
  return table.concat(more, ", ")
end

-- Marks the fact or declared text that inlines begin with, and the one they end with.
local function note_ends(inlines)
  for name, step in pairs({ first = 1, last = -1 }) do
    local inline = inlines[step == 1 and 1 or #inlines]
    while inline and inline.t ~= "Span" do
      local inner = pandoc.utils.type(inline.content) == "Inlines" and inline.content or {}
      inline = inner[step == 1 and 1 or #inner]
    end
    if inline then inline.attributes[name] = "true" end
  end
  return inlines
end

local function noted(block)
  block.content = note_ends(block.content)
  return block
end

local marks = { traverse = "topdown", Para = noted, Plain = noted, Header = noted }

local BARE = { Str = true, Space = true, SoftBreak = true }

-- Words and spaces alone, as most marked text is; walking through an element takes far longer than looking at it.
local function is_bare(inlines)
  for _, inline in ipairs(inlines) do
    if not BARE[inline.t] then return false end
  end
  return true
end

local function marked(inlines)
  if not is_bare(inlines) then return inlines:walk(marks) end
  for place, inline in ipairs(inlines) do
    if inline.t == "Str" then inlines[place] = marks.Str(inline) or inline end
  end
  return inlines
end

local function fact(span)
  local id = span.attributes.fact
  if id == "" or id:find('[%s%c"\\<>#]') then
    problem('fact="' .. id, "the fact id " .. quoted(id) .. " is not a path of letters, digits and / . _ -")
  end
  if TYPST then
    local more = place_of(span, #span.content > 1)
    return call("fact(" .. quoted(id) .. (more ~= "" and ", " .. more or "") .. ")", marked(span.content))
  end
  local anchor = seen[id] and "" or "fact-" .. id
  seen[id] = true
  return pandoc.Span(span.content, pandoc.Attr(anchor, { "fact" }, { ["data-fact"] = id }))
end

-- Declared text inside of declared text is no place of its own.
local function declared(span)
  local content = is_bare(span.content) and span.content or span.content:walk({
    Span = function(inner)
      inner.classes = inner.classes:filter(function(class) return class ~= "declared" end)
      return inner
    end,
  })
  return call("declared(" .. place_of(span) .. ")", marked(content))
end

function marks.Span(span)
  if span.classes:includes("newline") then return pandoc.LineBreak() end
  if span.attributes.fact then return fact(span), false end
  local is_declared = TYPST and span.classes:includes("declared")
  if span.attributes.alt and #span.content == 1 and span.content[1].t == "Math" then
    local set = formula(span.content[1], span.attributes.alt, span.classes)
    return is_declared and call("declared(" .. place_of(span) .. ")", set) or set, false
  end
  if is_declared then return declared(span), false end
  span.attributes.first, span.attributes.last = nil, nil
  return span
end

function marks.Math(math)
  return formula(math), false
end

-- Typst would make a minus sign, an ellipsis or a dash of these; what is printed must be what was written.
function marks.Str(str)
  if TYPST and (str.text:find("%-[%d-?]") or str.text:find("...", 1, true)) then
    return typst("#" .. quoted(str.text) .. ";")
  end
end

-- Tables and figures ---------------------------------------------------------------------------------------

-- The number that a table or figure gets, counted in the order of the document.
local function numbered(kind, id)
  if not id:match("^" .. kind .. "%-[%w_.-]+$") then
    problem(id, "the id " .. quoted(id) .. " must be " .. kind .. "- and letters, digits, hyphens")
  end
  if numbers[id] then problem("#" .. id, "the id " .. id .. " is used twice") end
  counts[kind] = counts[kind] + 1
  numbers[id] = words[kind] .. "\u{a0}" .. counts[kind]
  return numbers[id]
end

local function captioned(label, inlines)
  local list = pandoc.Inlines({ pandoc.Strong({ generated(label .. ".") }), pandoc.Space() })
  list:extend(inlines)
  return list
end

local function alternative(image)
  local alt = image.attributes["fig-alt"] or image.attributes.alt
  if not alt then problem(image.src, "the figure " .. image.src .. " has no fig-alt=\"…\"") end
  return alt or ""
end

local MEDIA = { svg = "image/svg+xml", png = "image/png", jpg = "image/jpeg", jpeg = "image/jpeg" }

-- The bytes of a figure. Only files below the report's folder are read; nothing is fetched.
local function content_of(image)
  local src = image.src
  local function refuse(why)
    problem(src, "the figure " .. src .. " " .. why)
    return ""
  end
  if src:match("^%a[%w+.-]*:") or src:match("^[/\\]") or ("/" .. src .. "/"):match("[/\\]%.%.[/\\]") then
    return refuse("is not a file of the report's folder")
  end
  if not MEDIA[(src:match("%.(%w+)$") or ""):lower()] then return refuse("must be SVG, PNG or JPEG") end
  local file = io.open(src, "rb")
  if not file then return refuse("does not exist in the report's folder") end
  local content = file:read("a")
  file:close()
  return content
end

local function typst_image(image)
  local width = image.attributes.width or ""
  local size = width:match("^[%d.]+%%$") or width:match("^[%d.]+[cmp][mt]$")
  local more = size and ", width: " .. size or ""
  local picture = "image(" .. quoted(image.src) .. ", alt: " .. quoted(alternative(image)) .. more .. ")"
  return "drawing(" .. quoted(image.src) .. ", " .. picture .. ")"
end

-- A figure or table of Typst; a hash before `body` would be too many, because it stands inside a call.
local function typst_figure(kind, id, body, caption)
  local list = pandoc.Inlines({ typst("#figure(kind: " .. kind .. ", ") })
  list:extend(body)
  list:insert(typst(", caption: ["))
  list:extend(note_ends(caption))
  list:insert(typst("]) <" .. id .. ">"))
  return pandoc.Plain(list)
end

local function figure(id, image, caption)
  local label = numbered("fig", id)
  if TYPST then
    content_of(image)
    return typst_figure("image", id, { typst(typst_image(image)) }, caption)
  end
  if QUARTO then
    content_of(image)
    return in_quarto.figure(id, image, alternative(image), captioned(label, caption))
  end
  return pandoc.Figure(pandoc.Plain({ image }), { pandoc.Plain(captioned(label, caption)) }, pandoc.Attr(id))
end

-- Dashes of nearly one length are a matter of typing; only clearly different ones are meant as widths.
-- Columns without a colon are left-aligned, whatever stands around the table.
local function with_columns(tbl)
  local least, most = math.huge, 0
  for _, column in ipairs(tbl.colspecs) do
    least, most = math.min(least, column[2] or 0), math.max(most, column[2] or 0)
  end
  local given = most > least * 5 / 3
  tbl.colspecs = tbl.colspecs:map(function(column)
    return { column[1] == "AlignDefault" and "AlignLeft" or column[1], given and column[2] or nil }
  end)
  return tbl
end

-- Attributes are listed, not mapped: Lua gives the keys of a map in another order each time.
local function scrolling(tbl, name)
  for _, row in ipairs(tbl.head.rows) do
    for _, cell in ipairs(row.cells) do cell.attributes.scope = "col" end
  end
  local attributes = { { "role", "region" }, { "tabindex", "0" }, { "aria-label", name } }
  return pandoc.Div({ tbl }, pandoc.Attr("", { "scroll" }, attributes))
end

-- A table that fits a page with room to spare is kept on one page.
local function is_short(tbl)
  local rows = 0
  for _, body in ipairs(tbl.bodies) do rows = rows + #body.body end
  return rows <= 20 and utf8.len(pandoc.utils.stringify(tbl)) <= 1600
end

local function enclosed(open, blocks)
  local list = pandoc.Blocks({ pandoc.RawBlock("typst", open) })
  list:extend(blocks)
  list:insert(pandoc.RawBlock("typst", "]"))
  return list
end

local function typst_table(id, tbl, caption)
  local body = tables.typst(tbl, room, note_ends)
  if id == "" then
    body:insert(1, typst("#"))
    return pandoc.Plain(body)
  end
  local whole = typst_figure("table", id, body, caption)
  return is_short(tbl) and enclosed("#block(breakable: false, width: 100%)[", { whole }) or whole
end

local function table_with(id, tbl, caption)
  if #tbl.head.rows == 0 then
    problem(id, "a table needs a header row; the one that begins with "
      .. quoted(pandoc.utils.stringify(tbl.bodies[1].body[1].cells[1].contents)) .. " has none")
  end
  tbl = tables.grouped(with_columns(tbl))
  local label = id ~= "" and numbered("tbl", id) or nil
  if TYPST then return typst_table(id, tbl, caption) end
  tbl.identifier = QUARTO and "" or id
  if label then tbl.caption.long = { pandoc.Plain(captioned(label, caption)) } end
  local frame = scrolling(tbl, label or words.tbl)
  return QUARTO and id ~= "" and in_quarto.named(id, frame) or frame
end

local function caption_of(element)
  return pandoc.utils.blocks_to_inlines(element.caption.long)
end

local floats = { traverse = "topdown" }

function floats.Table(tbl)
  local caption = caption_of(tbl)
  if tbl.identifier == "" and #caption > 0 then
    problem(pandoc.utils.stringify(caption), "a table with a caption needs an id such as {#tbl-ranking}")
  end
  return table_with(tbl.identifier, tbl, caption), false
end

function floats.Figure(fig)
  local image = fig.content[1].content[1]
  if not fig.identifier:match("^fig%-") then
    problem(image.src, "the figure " .. image.src .. " needs an id such as {#fig-scores}")
  end
  return figure(fig.identifier, image, caption_of(fig)), false
end

-- Pandoc may have been told not to make a figure of an image that stands alone.
function floats.Para(para)
  local image = para.content[1]
  if #para.content ~= 1 or image.t ~= "Image" or not image.identifier:match("^fig%-") then return nil end
  return figure(image.identifier, image, image.caption), false
end

function floats.Div(div)
  local kind = div.identifier:match("^(%l%l%l)%-")
  if kind ~= "tbl" and kind ~= "fig" then return nil end
  local found, last = nil, div.content[#div.content]
  div:walk({
    Table = function(tbl) found = kind == "tbl" and tbl or found end,
    Image = function(image) found = kind == "fig" and image or found end,
  })
  if not found or #div.content < 2 or last.t ~= "Para" then
    problem("#" .. div.identifier, div.identifier .. " must hold one table or figure and, last, its caption")
    return nil, false
  end
  if kind == "tbl" then found.classes:extend(div.classes) end
  return (kind == "tbl" and table_with or figure)(div.identifier, found, last.content), false
end

-- Notes, references, headings ------------------------------------------------------------------------------

local notes = {}

function notes.Div(div)
  local kind = div.classes:find_if(function(class) return class:match("^callout%-") end)
  if not kind then return nil end
  local name, body = div.attributes.title or words.note, div.content
  if body[1] and body[1].t == "Header" then name = pandoc.utils.stringify(body:remove(1)) end
  if TYPST then
    local open = pandoc.RawBlock("typst", "#callout(" .. quoted(name) .. ")[")
    return pandoc.Blocks({ open }) .. body .. pandoc.Blocks({ pandoc.RawBlock("typst", "]") })
  end
  body:insert(1, pandoc.Para({ pandoc.Strong({ pandoc.Str(name) }) }))
  return pandoc.Div(body, pandoc.Attr("", { "callout" }, { role = "note" }))
end

local rest = {}

function rest.Cite(cite)
  local list = pandoc.Inlines({})
  for position, citation in ipairs(cite.citations) do
    local id = citation.id
    if not numbers[id] then
      problem("@" .. id, "the reference @" .. id .. " has no table or figure to point to")
    end
    if position > 1 then list:insert(pandoc.Str(", ")) end
    local link = pandoc.Link({ generated(numbers[id] or id) }, "#" .. id)
    list:insert(TYPST and typst("#ref(label(" .. quoted(id) .. "));") or link)
  end
  return list
end

function rest.Image(image)
  content_of(image)
  if TYPST then return typst("#box(" .. typst_image(image) .. ");") end
  image.caption = { pandoc.Str(alternative(image)) }
  image.attributes = { width = image.attributes.width }
  return image
end

local levels = { 0, 0, 0 }

-- An annex counts its own headings.
local function annex_title(header)
  levels = { 0, 0, 0 }
  return numbers[header.identifier] .. ". "
end

local function heading_number(level)
  levels[level] = levels[level] + 1
  for deeper = level + 1, 3 do levels[deeper] = 0 end
  local letters = pandoc.List({})
  for letter in words.letters:gmatch("%S+") do letters:insert(letter) end
  if level == 1 then return pandoc.utils.to_roman_numeral(levels[1]) .. ". " end
  return level == 2 and levels[2] .. ". " or (letters[levels[3]] or tostring(levels[3])) .. ") "
end

-- In HTML the title is the first level, so that the report's own headings start at the second.
function rest.Header(header)
  if TYPST then return nil end
  if numbers[header.identifier] then
    header.content:insert(1, generated(annex_title(header)))
  elseif header.level <= 3 and not header.classes:includes("unnumbered") then
    header.content:insert(1, generated(heading_number(header.level)))
  end
  header.level = math.min(header.level + 1, 6)
  return header
end

-- A reference to an annex is written as a link without words.
local function annex_link(id, link)
  if not numbers[id] then problem("#" .. id, "the reference to " .. id .. " has no annex to point to") end
  if TYPST then return typst("#link(label(" .. quoted(id) .. "), numbered(" .. quoted(numbers[id] or id) .. "));") end
  link.content = { generated(numbers[id] or id) }
  return link
end

function rest.Link(link)
  local annex = #link.content == 0 and link.target:match("^#(anx%-.+)$")
  if annex then return annex_link(annex, link) end
  local scheme = link.target:match("^%s*([%w+.-]+):")
  if scheme and not ({ http = true, https = true, mailto = true })[scheme:lower()] then
    problem(link.target, "the link " .. link.target .. " must begin with https:, http: or mailto:")
  end
end

-- What a browser would run, or what would break the page's look, does not pass.
local function without_scripts(element)
  for name in pairs(element.attributes) do
    if name:lower():match("^on") or name:lower() == "style" then element.attributes[name] = nil end
  end
  return element
end

local harmless = {
  Span = without_scripts, Div = without_scripts, Link = without_scripts, Header = without_scripts,
  Code = without_scripts, CodeBlock = without_scripts,
}

-- Annexes --------------------------------------------------------------------------------------------------

local function is_annex(block)
  return block.t == "Header" and block.level == 1 and block.classes:includes("annex")
end

-- The report and its annexes: each a heading (none for the report itself) with the blocks up to the next annex.
local function parts_of(blocks)
  local parts = pandoc.List({ { blocks = pandoc.Blocks({}) } })
  for _, block in ipairs(blocks) do
    if is_annex(block) then
      parts:insert({ header = block, blocks = pandoc.Blocks({}) })
    else
      parts[#parts].blocks:insert(block)
    end
  end
  return parts
end

-- Roman numbers where there are two annexes or more; a single one is just "the annex".
local function number_annexes(parts)
  for place = 2, #parts do
    local id = parts[place].header.identifier
    numbered("anx", id)
    numbers[id] = words.anx .. (#parts > 2 and "\u{a0}" .. pandoc.utils.to_roman_numeral(place - 1) or "")
  end
end

local function is_landscape(part)
  return part.header ~= nil and part.header.classes:includes("landscape")
end

-- The call of the template that sets an annex; its title is an argument, so that it can stand on a line of its own.
local function typst_annex(part)
  local id = part.header.identifier
  local turned = is_landscape(part) and ", landscape: true" or ""
  local title = pandoc.Inlines({
    typst("#annex(meta, " .. quoted(id) .. ", " .. quoted(numbers[id]) .. turned .. ")["),
  })
  title:extend(note_ends(part.header.content))
  title:insert(typst("]["))
  local blocks = pandoc.Blocks({ pandoc.Plain(title) })
  blocks:extend(part.blocks)
  blocks:insert(pandoc.RawBlock("typst", "]"))
  return blocks
end

-- The signature stands at the end of the report itself, and never alone on its page.
local function typst_body(blocks)
  local last = blocks[#blocks]
  if last and last.t == "Para" then
    blocks:remove(#blocks)
    blocks:extend(enclosed("#kept[", { last }))
  end
  blocks:insert(pandoc.RawBlock("typst", "#closing(meta)"))
  return blocks
end

local function joined(parts)
  local blocks = pandoc.Blocks({})
  for _, part in ipairs(parts) do
    if TYPST then
      blocks:extend(part.header and typst_annex(part) or typst_body(part.blocks))
    else
      if part.header then blocks:insert(part.header) end
      blocks:extend(part.blocks)
    end
  end
  return blocks
end

-- Words of a decision: what it is based on, and what stands in the middle of a line above its articles; and of a
-- report, which other it replaces.
local FRAMES = pandoc.List({ "centred", "legal", "replaces" })

local framed = {
  Div = function(div)
    local name = FRAMES:find_if(function(frame) return div.classes:includes(frame) end)
    if TYPST and name then return enclosed("#" .. name .. "[", div.content) end
  end,
}

-- In this order: numbers must be known before references, titles of notes gone before headings are counted.
function Pandoc(doc)
  words = LANGUAGES[pandoc.utils.stringify(doc.meta.lang or "vi"):sub(1, 2)] or LANGUAGES.vi
  if QUARTO then doc = in_quarto.unboxed(doc) end
  if not TYPST then doc = doc:walk(harmless) end
  local parts = parts_of(doc.blocks)
  number_annexes(parts)
  for _, part in ipairs(parts) do
    room = tables.WIDTH[is_landscape(part) and "landscape" or "portrait"]
    part.blocks = part.blocks:walk(floats):walk(notes):walk(framed)
  end
  if QUARTO and not TYPST then in_quarto.complete(parts, doc.meta) end
  doc.blocks = joined(parts)
  doc = doc:walk(rest):walk(marks)
  if #problems > 0 then error(table.concat(problems, "\n"), 0) end
  return doc
end
