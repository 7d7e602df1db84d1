-- What only Quarto needs, for facts.lua: its boxes around cells go; what its own filters would number, caption or move
-- is written so that they do not see it; and its web page gets what our own template has.

local in_quarto = {}

local function html(code)
  return pandoc.RawBlock("html", code)
end

local function attribute(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

-- Quarto puts what a cell shows into boxes, inside of which no heading of an annex would be found.
function in_quarto.unboxed(doc)
  return doc:walk({
    Div = function(div)
      local is_box = div.classes:includes("cell") or div.classes:includes("cell-output")
      return is_box and div.content or nil
    end,
  })
end

function in_quarto.figure(id, image, alt, caption)
  local width = image.attributes.width and ' width="' .. attribute(image.attributes.width) .. '"' or ""
  local drawn = '<img src="' .. attribute(image.src) .. '" alt="' .. attribute(alt) .. '"' .. width .. ">"
  return pandoc.Blocks({
    html('<figure id="' .. id .. '">\n' .. drawn .. "\n<figcaption>"), pandoc.Plain(caption),
    html("</figcaption>\n</figure>"),
  })
end

-- The frame of a table that references lead to.
function in_quarto.named(id, frame)
  return pandoc.Blocks({ html('<div id="' .. id .. '">'), frame, html("</div>") })
end

-- The signature closes the report itself; below the heading of each annex stands what it belongs to.
function in_quarto.complete(parts, meta)
  local closing, note = meta["report-closing"], meta["report-annexed"]
  if closing then parts[1].blocks:insert(pandoc.Plain(closing)) end
  for place = 2, #parts do
    if note then parts[place].blocks:insert(1, pandoc.Plain(note)) end
  end
end

return in_quarto
