-- One filter for both engines: facts, declared text, formulas, and - where Quarto does not do it - tables,
-- figures, cross references, headings and notes. Everything it finds wrong is told at once, at the end.

local TYPST = FORMAT:match("typst") ~= nil
local QUARTO = quarto ~= nil
local LANGUAGES = {
  vi = { tbl = "Bảng", fig = "Hình", note = "Ghi chú" },
  en = { tbl = "Table", fig = "Figure", note = "Note" },
}
LANGUAGES.vi.letters = "a b c d đ e g h i k l m n o p q r s t u v x y"
LANGUAGES.en.letters = "a b c d e f g h i j k l m n o p q r s t u v w x y z"
local words = LANGUAGES.vi
local problems, numbers, counts, seen = {}, {}, { tbl = 0, fig = 0 }, {}

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

local function formula(math, alt)
  local words_of_it = quoted(alt or spoken(math.text))
  -- Both engines set a space after a comma, also after the decimal one.
  math.text = math.text:gsub("(%d+){,}(%d+)", "\\text{%1,%2}")
  if TYPST then return call("formula(" .. words_of_it .. ")", { math }) end
  if alt then return pandoc.Span({ math }, pandoc.Attr("", {}, { { "role", "math" }, { "aria-label", alt } })) end
  return math
end

-- Facts and declared text ----------------------------------------------------------------------------------

-- Whether a mark begins its paragraph or cell, which the template must know to find its place.
local function place_of(span)
  return span.attributes.first and ", first: true" or ""
end

-- Marks the fact or declared text that a paragraph or cell begins with.
local function note_first(block)
  local inline = block.content[1]
  while inline and inline.t ~= "Span" do
    inline = pandoc.utils.type(inline.content) == "Inlines" and inline.content[1] or nil
  end
  if inline then inline.attributes.first = "true" end
  return block
end

local marks = { traverse = "topdown", Para = note_first, Plain = note_first }

local function fact(span)
  local id = span.attributes.fact
  if id == "" or id:find('[%s%c"\\<>#]') then
    problem('fact="' .. id, "the fact id " .. quoted(id) .. " is not a path of letters, digits and / . _ -")
  end
  if TYPST then return call("fact(" .. quoted(id) .. place_of(span) .. ")", span.content:walk(marks)) end
  local anchor = seen[id] and "" or "fact-" .. id
  seen[id] = true
  return pandoc.Span(span.content, pandoc.Attr(anchor, { "fact" }, { ["data-fact"] = id }))
end

function marks.Span(span)
  if span.classes:includes("newline") then return pandoc.LineBreak() end
  if span.attributes.fact then return fact(span), false end
  if span.attributes.alt and #span.content == 1 and span.content[1].t == "Math" then
    return formula(span.content[1], span.attributes.alt), false
  end
  if TYPST and span.classes:includes("declared") then
    return call("declared(" .. place_of(span):sub(3) .. ")", span.content:walk(marks)), false
  end
  span.attributes.first = nil
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
  local list = pandoc.Inlines({ pandoc.Strong({ pandoc.Str(label .. ".") }), pandoc.Space() })
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
  return "image(" .. quoted(image.src) .. ", alt: " .. quoted(alternative(image)) .. more .. ")"
end

local function figure(id, image, caption)
  local label = numbered("fig", id)
  if TYPST then
    content_of(image)
    local list = pandoc.Inlines({ typst("#figure(kind: image, " .. typst_image(image) .. ", caption: [") })
    list:extend(caption)
    list:insert(typst("]) <" .. id .. ">"))
    return pandoc.Plain(list)
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
  return rows <= 12 and utf8.len(pandoc.utils.stringify(tbl)) <= 1200
end

local function together(tbl)
  local open = pandoc.RawBlock("typst", "#block(breakable: false, width: 100%)[")
  return { open, tbl, pandoc.RawBlock("typst", "]") }
end

local function table_with(id, tbl, caption)
  if #tbl.head.rows == 0 then
    problem(id, "a table needs a header row; the one that begins with "
      .. quoted(pandoc.utils.stringify(tbl.bodies[1].body[1].cells[1].contents)) .. " has none")
  end
  tbl = with_columns(tbl)
  local label = id ~= "" and numbered("tbl", id) or nil
  if TYPST and not label then
    tbl.classes:insert("typst:no-figure")
    return tbl
  end
  tbl.identifier = id
  if label then tbl.caption.long = { pandoc.Plain(TYPST and caption or captioned(label, caption)) } end
  if not TYPST then return scrolling(tbl, label or words.tbl) end
  return is_short(tbl) and together(tbl) or tbl
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
    local link = pandoc.Link(numbers[id] or id, "#" .. id)
    list:insert(TYPST and typst("#ref(label(" .. quoted(id) .. "));") or link)
  end
  return list
end

function rest.Image(image)
  local content = content_of(image)
  if TYPST then return typst("#box(" .. typst_image(image) .. ");") end
  image.caption = { pandoc.Str(alternative(image)) }
  image.attributes = { width = image.attributes.width }
  image.src = pandoc.mediabag.make_data_uri(MEDIA[(image.src:match("%.(%w+)$") or ""):lower()] or "", content)
  return image
end

local levels = { 0, 0, 0 }

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
  if header.level <= 3 and not header.classes:includes("unnumbered") then
    header.content:insert(1, pandoc.Str(heading_number(header.level)))
  end
  header.level = math.min(header.level + 1, 6)
  return header
end

function rest.Link(link)
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

-- In this order: numbers must be known before references, titles of notes gone before headings are counted.
function Pandoc(doc)
  words = LANGUAGES[pandoc.utils.stringify(doc.meta.lang or "vi"):sub(1, 2)] or LANGUAGES.vi
  if not QUARTO then
    if not TYPST then doc = doc:walk(harmless) end
    doc = doc:walk(floats):walk(notes):walk(rest)
  end
  doc = doc:walk(marks)
  if #problems > 0 then error(table.concat(problems, "\n"), 0) end
  return doc
end
