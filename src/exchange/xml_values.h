// Our own XML: an export's objects with their types, so that they come back as they were. Every member is an element
// <field name="..."> and every item of a list a <value>, since a name may hold what an element's cannot; type says what
// is no text: number, boolean, null, list, object, or json for a text that XML cannot hold. Pure functions, any thread.
#pragma once

#include <optional>

#include "formats/xml_records.h"
#include "json/json.h"

namespace pf::exchange {

// A text inside an element or an attribute. REQUIRES: fits_xml(text)
void write_escaped(std::string_view text, std::string& out);
// XML 1.0 has no way to write most control characters (2.2, Char).
bool fits_xml(std::string_view text);

// What stands inside the element of one record. Members that are null are left out at the top.
void write_xml_members(const json::Value& object, std::string& out);

// The path of the records when the file is our own export.
std::optional<std::size_t> own_records(const std::vector<formats::XmlPath>& paths);
json::Value own_value(const std::vector<formats::XmlPath>& paths, const formats::XmlElement& record);

}  // namespace pf::exchange
