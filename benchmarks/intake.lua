-- wrk: distinct submissions as fast as the server takes them. Arguments: run, tokens, stations, batch.
-- A batch of 1 is a multipart post to the OpenRosa address, more are a JSON post to the field app's.
local counter, thread_number = 0, 0
local run, tokens, stations, batch, template

function setup(thread)
  thread:set("number", thread_number)
  thread_number = thread_number + 1
end

function init(args)
  run, stations, batch = args[1], tonumber(args[3]), tonumber(args[4])
  tokens = {}
  for token in io.lines(args[2]) do tokens[#tokens + 1] = token end
  local file = io.open(args[5]); template = file:read("*a"); file:close()
  math.randomseed(os.time() + number)
end

local function one()
  counter = counter + 1
  local xml = template:gsub("STATION", tostring(math.random(1, stations)))
  return (xml:gsub("INSTANCE", run .. "-" .. number .. "-" .. counter)), run .. "-" .. number .. "-" .. counter
end

function request()
  local token = tokens[counter % #tokens + 1]
  if batch == 1 then
    local body = "--wrk\r\nContent-Disposition: form-data; name=\"xml_submission_file\"; filename=\"s.xml\"\r\n"
      .. "Content-Type: text/xml\r\n\r\n" .. one() .. "\r\n--wrk--\r\n"
    return wrk.format("POST", "/openrosa/BOL-2019/" .. token .. "/submission?deviceID=collect%3Abench",
      { ["Content-Type"] = "multipart/form-data; boundary=wrk", ["X-OpenRosa-Version"] = "1.0" }, body)
  end
  local items = {}
  for place = 1, batch do
    local xml, instance = one()
    items[place] = '{"instanceID":"uuid:' .. instance .. '","form":"twenty","version":"1","xml":"'
      .. xml:gsub('"', '\\"') .. '"}'
  end
  return wrk.format("POST", "/field/BOL-2019/submissions",
    { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token },
    '{"submissions":[' .. table.concat(items, ",") .. ']}')
end
