-- What only the web page needs, after facts.lua: classes where styles would stand, row headers, charts inside
-- the page (`minhbach/render/web.py` puts them in), annexes as sections.

local LONG = 20 -- rows from which on a table scrolls inside its own frame, under its header
local SHORT = 8 -- letters that a number or a code may have
local TEXT = 24 -- letters from which on a cell is read as a text
local NAME = 60 -- letters that the name of a row may have
local ALIGNED = { AlignRight = "right", AlignCenter = "centre" }

local function html(code)
  return pandoc.RawBlock("html", code)
end

local function attribute(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

-- Tables ---------------------------------------------------------------------------------------------------

-- The page's rules of security allow no style at an element, so that the side of a cell is a class.
local function side(cell, column)
  local alignment = cell.alignment ~= "AlignDefault" and cell.alignment or column[1]
  local class = ALIGNED[alignment]
  if class and not cell.classes:includes(class) then cell.classes:insert(class) end
  cell.alignment = "AlignDefault"
end

local function sides(rows, columns, texts)
  for _, row in ipairs(rows) do
    local place = 1
    for _, cell in ipairs(row.cells) do
      side(cell, columns[place] or columns[#columns])
      if texts[place] and cell.col_span == 1 then cell.classes:insert("text") end
      place = place + cell.col_span
    end
  end
end

local function length(cell)
  return utf8.len(pandoc.utils.stringify(cell.contents))
end

-- Columns with sentences or long names, which a narrow screen must not squeeze.
local function with_text(rows, columns)
  local texts = {}
  for _, row in ipairs(rows) do
    for place, cell in ipairs(#row.cells == #columns and row.cells or {}) do
      texts[place] = texts[place] or length(cell) > TEXT
    end
  end
  return texts
end

-- A row is named by its first cell or, where that is a number, by its second: the first column that stands left
-- and has a short text in every row. `web.py` makes header cells of them.
local function naming(rows, columns)
  for place = 1, math.min(2, #columns - 1) do
    local fits = not ALIGNED[columns[place][1]]
    for _, row in ipairs(rows) do
      local letters = #row.cells == #columns and length(row.cells[place]) or 1
      fits = fits and letters > 0 and letters <= NAME
    end
    if fits then return place end
  end
end

local function named(rows, columns)
  local place = naming(rows, columns)
  local cells = pandoc.List(place and rows or {}):map(function(row) return #row.cells == #columns and row.cells[place] end)
  cells = cells:filter(function(cell) return cell and not cell.attributes.scope end)
  local is_name = cells:find_if(function(cell) return length(cell) > SHORT end)
  for _, cell in ipairs(cells) do
    cell.attributes.scope = "row"
    if is_name and not cell.classes:includes("text") then cell.classes:insert("name") end
  end
end

local function for_the_page(tbl)
  local columns, rows = tbl.colspecs, 0
  sides(tbl.head.rows, columns, {})
  for _, body in ipairs(tbl.bodies) do
    sides(body.head, columns, {})
    sides(body.body, columns, with_text(body.body, columns))
    named(body.body, columns)
    rows = rows + #body.body
  end
  tbl.colspecs = columns:map(function() return { "AlignDefault", nil } end)
  if #tbl.head.rows == 1 and rows > 2 then tbl.classes:insert("sortable") end
  return tbl, rows
end

-- Each frame that scrolls is a stop for the keyboard; only one with a name of its own is a landmark.
local function frame(div)
  local rows
  div.content[1], rows = for_the_page(div.content[1])
  if div.content[1].identifier == "" then div.attributes.role = "group" end
  if rows > LONG then div.classes:insert("long") end
  return div, false
end

-- Charts ---------------------------------------------------------------------------------------------------

local MEDIA = { png = "image/png", jpg = "image/jpeg", jpeg = "image/jpeg" }

local function drawn(image, label)
  local words = pandoc.utils.stringify(image.caption)
  local ending = image.src:match("%.(%w+)$"):lower()
  if ending == "svg" then
    local mark = '<svg data-file="%s" data-label="%s" aria-label="%s"></svg>'
    return pandoc.RawInline("html", mark:format(attribute(image.src), attribute(label), attribute(words)))
  end
  local file <close> = assert(io.open(image.src, "rb"))
  image.src = pandoc.mediabag.make_data_uri(MEDIA[ending], file:read("a"))
  return image
end


-- A stop for the keyboard, because a chart scrolls sideways on a narrow screen.
local DRAWING = '<div class="drawing" role="group" tabindex="0" aria-label="%s">'
local CLOSE = pandoc.RawInline("html", "</div>")
local charts = 0

local function chart(figure)
  local file, name = nil, pandoc.utils.stringify(figure.caption.long):match("^[^.]+")
  figure = figure:walk({
    Image = function(image)
      file = image.src
      return { pandoc.RawInline("html", DRAWING:format(attribute(name))), drawn(image, figure.identifier), CLOSE }
    end,
  })
  local mark = '<details data-file="%s" data-name="%s"></details>'
  return { figure, html(mark:format(attribute(file), attribute(name))) }, false
end

local function alone(image)
  charts = charts + 1
  return drawn(image, "image-" .. charts)
end

-- Annexes --------------------------------------------------------------------------------------------------

-- What each annex belongs to; the template's variables come escaped.
local function belonging()
  local note = tostring(PANDOC_WRITER_OPTIONS.variables.annex_note or "")
  return note ~= "" and html('<p class="belonging declared">' .. note .. "</p>") or nil
end

-- What stands before the annexes is closed by the signature, for which `web.py` finds its place here.
local function sections(blocks)
  local list, annex = pandoc.Blocks({}), nil
  for _, block in ipairs(blocks) do
    if block.t == "Header" and block.classes:includes("annex") then
      if not annex then list:insert(html("<!--annexes-->")) end
      annex = pandoc.Div({}, pandoc.Attr("", { "section", "sheet" }))
      if block.classes:includes("landscape") then annex.classes:insert("landscape") end
      list:insert(annex)
    end
    if annex then
      annex.content:insert(block)
      if block.t == "Header" and block.classes:includes("annex") then annex.content:insert(belonging()) end
    else
      list:insert(block)
    end
  end
  return list
end

function Pandoc(doc)
  doc = doc:walk({
    traverse = "topdown",
    Div = function(div) if div.classes:includes("scroll") then return frame(div) end end,
    Table = function(tbl) return (for_the_page(tbl)), false end,
    Figure = chart,
    Image = alone,
  })
  doc.blocks = sections(doc.blocks)
  return doc
end
