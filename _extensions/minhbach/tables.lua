-- Tables, for facts.lua: rows of groups and subtotals; and for Typst the whole table with columns that are wide
-- enough for their longest word.

local tables = {}

local INSET = 4 -- points on each side of a cell, as in the template
local SIZES = { 10.5, 10, 9.5, 9, 8.5, 8 }
local COMPACT = { 9, 8.5, 8, 7.5 }
local BROKEN = 24 -- signs from which on the template breaks a word that has no place to break
local TALL = 1500 -- signs from which on a cell may be split between pages
local SIDES = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center", AlignDefault = "left" }
local NARROW, WIDE = "[iljtfrI.,;:'()|!%[%] ]", "[mwMW%%@]"

tables.WIDTH = { portrait = 467, landscape = 714 } -- points between the margins

local function raw(code)
  return pandoc.RawInline("typst", code)
end

-- Groups and subtotals -------------------------------------------------------------------------------------

-- The inlines of a cell without the span that says what its row is, and what that is.
local function role_of(cell)
  local block = cell.contents[1]
  local span = block and block.content and block.content[1]
  if span and span.t == "Strong" and #span.content == 1 then span = span.content[1] end
  if not span or span.t ~= "Span" then return nil end
  local role = span.classes:includes("group") and "group" or span.classes:includes("subtotal") and "subtotal"
  if not role then return nil end
  local inlines = pandoc.Inlines(span.content)
  for place = 2, #block.content do inlines:insert(block.content[place]) end
  cell.contents = { pandoc.Plain(inlines) }
  return role
end

-- The name of a group or subtotal takes in the empty cells to its right.
local function spread(row)
  local cells = row.cells
  while cells[2] and #pandoc.utils.stringify(cells[2].contents) == 0 do
    cells[1].col_span = cells[1].col_span + 1
    cells:remove(2)
  end
  cells[1].alignment = "AlignLeft"
  row.cells = cells
  return row
end

-- Each row of a group begins a body of its own, at whose head it stands.
function tables.grouped(tbl)
  local bodies = pandoc.List({})
  for _, body in ipairs(tbl.bodies) do
    local current = { attr = body.attr, head = body.head, body = {}, row_head_columns = body.row_head_columns }
    for _, row in ipairs(body.body) do
      local role = role_of(row.cells[1])
      if role then spread(row).attr.classes:insert(role) end
      if role == "group" then
        row.cells[1].attributes.scope = "rowgroup"
        if #current.body + #current.head > 0 then bodies:insert(current) end
        current = { attr = pandoc.Attr(), head = { row }, body = {}, row_head_columns = 0 }
      else
        table.insert(current.body, row)
      end
    end
    bodies:insert(current)
  end
  tbl.bodies = bodies
  return tbl
end

-- Widths, in ems of the table's type ------------------------------------------------------------------------

local function ems(text)
  local width = 0
  for _, code in utf8.codes(text) do
    local sign = code < 128 and string.char(code) or ""
    width = width + (sign:match(NARROW) and 0.34 or sign:match(WIDE) and 0.86 or sign:match("%u") and 0.7 or 0.53)
  end
  return width
end

-- The longest piece of a text that cannot be broken.
local function longest(text)
  local most = 0
  for word in text:gmatch("%S+") do
    local pieces = (word:match("^%d+/") or not word:find("[-/]")) and { word } or {}
    if #pieces == 0 then
      for piece in word:gmatch("[^-/]+[-/]?") do pieces[#pieces + 1] = piece end
    end
    for _, piece in ipairs(pieces) do
      local signs = utf8.len(piece) or #piece
      most = math.max(most, ems(piece) * (signs >= BROKEN and 5 / signs or 1))
    end
  end
  return most
end

local function each_row(tbl, visit)
  for _, row in ipairs(tbl.head.rows) do visit(row, "head") end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.head) do visit(row, "group") end
    for _, row in ipairs(body.body) do visit(row, row.attr.classes:includes("subtotal") and "subtotal" or "row") end
  end
end

-- For each column the width of its longest word and of its longest line.
local function measured(tbl)
  local least, whole = {}, {}
  for place = 1, #tbl.colspecs do least[place], whole[place] = 0, 0 end
  each_row(tbl, function(row, kind)
    local place, bold = 1, kind == "row" and 1 or 1.1
    for _, cell in ipairs(row.cells) do
      if cell.col_span == 1 then
        local text = pandoc.utils.stringify(cell.contents)
        least[place] = math.max(least[place], longest(text) * bold)
        whole[place] = math.max(whole[place], ems(text) * bold)
      end
      place = place + cell.col_span
    end
  end)
  return least, whole
end

local function sum(list)
  local total = 0
  for _, value in ipairs(list) do total = total + value end
  return total
end

-- Columns that need less than an even share get what they need; the others share what is left, longer texts more of
-- it, and none gets less than its longest word. Nothing where all fit as they are.
local function shared(least, whole, room)
  if sum(whole) <= room then return nil end
  local widths, open = {}, #whole
  local left, changed = room, true
  while changed do
    changed = false
    for place = 1, #whole do
      if not widths[place] and whole[place] <= left / open then
        widths[place], left, open, changed = whole[place], left - whole[place], open - 1, true
      end
    end
  end
  local roots = 0
  for place = 1, #whole do roots = roots + (widths[place] and 0 or math.sqrt(whole[place])) end
  for place = 1, #whole do
    widths[place] = widths[place] or math.max(least[place], left * math.sqrt(whole[place]) / roots)
  end
  return widths
end

-- The widths that the text asks for, in parts of the whole.
local function asked(tbl, room)
  local wanted, gaps = {}, 2 * INSET * #tbl.colspecs
  for place, column in ipairs(tbl.colspecs) do wanted[place] = column[2] * (room + gaps) - 2 * INSET end
  return wanted
end

-- Widths that fit: what is left beyond the longest words goes to columns by what they want.
local function fitted(tbl, least, whole, room)
  local wanted = tbl.colspecs[1][2] and asked(tbl, room) or shared(least, whole, room)
  if not wanted then return nil end
  local over = {}
  for place, value in ipairs(wanted) do over[place] = math.max(0, value - least[place]) end
  local share = math.max(0, room - sum(least)) / math.max(sum(over), 1)
  local widths = {}
  for place = 1, #wanted do widths[place] = least[place] + over[place] * share end
  return widths
end

-- The largest size at which every word fits its column, and the widths of the columns.
local function layout(tbl, width)
  local sizes = tbl.classes:includes("compact") and COMPACT or SIZES
  local least, whole = measured(tbl)
  local room = width - 2 * INSET * #tbl.colspecs
  local size = sizes[#sizes]
  for _, candidate in ipairs(sizes) do
    if sum(least) * candidate <= room then
      size = candidate
      break
    end
  end
  local function points(list)
    local scaled = {}
    for place, value in ipairs(list) do scaled[place] = value * size end
    return scaled
  end
  return size, fitted(tbl, points(least), points(whole), room)
end

-- The table in Typst --------------------------------------------------------------------------------------

-- What would begin a list, a heading or a term of Typst at the start of a cell is written as a string.
local function as_text(inlines)
  local first = inlines[1]
  if first and first.t == "Str" and (first.text:match("^[-+=/]") or first.text:match("^%d+%.")) then
    inlines[1] = raw('#"' .. first.text:gsub('[\\"]', "\\%0") .. '";')
  end
  return inlines
end

local function opening(cell, kind, text)
  if kind == "group" then return "group-cell(" .. cell.col_span .. ")[" end
  if kind == "subtotal" then
    return "subtotal-cell(" .. cell.col_span .. (cell.alignment == "AlignLeft" and ", align: left" or "") .. ")["
  end
  if utf8.len(text) > TALL then return "tall-cell[" end
  return cell.col_span > 1 and "table.cell(colspan: " .. cell.col_span .. ")[" or "["
end

local function write_row(out, row, kind, mark)
  for _, cell in ipairs(row.cells) do
    local inlines = pandoc.utils.blocks_to_inlines(cell.contents)
    out:insert(raw(opening(cell, kind, pandoc.utils.stringify(inlines))))
    out:extend(as_text(mark(inlines)))
    out:insert(raw("], "))
  end
end

local function columns_of(tbl, widths)
  local columns, sides = {}, {}
  for place, column in ipairs(tbl.colspecs) do
    columns[place] = widths and string.format("%.1ffr", widths[place] + 2 * INSET) or "auto"
    sides[place] = SIDES[column[1]]
  end
  return "columns: (" .. table.concat(columns, ", ") .. ",), align: (" .. table.concat(sides, ", ") .. ",),"
end

-- The table as inlines; `mark` is called with the inlines of each cell, `width` is the room in points.
function tables.typst(tbl, width, mark)
  local size, widths = layout(tbl, width)
  local close = tbl.classes:includes("compact") and "inset: (x: 4pt, y: 2pt), " or ""
  local out = pandoc.Inlines({ raw("sheet(" .. size .. ", " .. close .. columns_of(tbl, widths) .. "\n") })
  each_row(tbl, function(row, kind)
    local around = ({ head = "table.header(", group = "..group-row(" })[kind]
    if around then out:insert(raw(around)) end
    write_row(out, row, kind, mark)
    out:insert(raw(around and "),\n" or "\n"))
  end)
  out:insert(raw(")"))
  return out
end

return tables
