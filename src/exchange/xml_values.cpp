#include "exchange/xml_values.h"

#include <set>

#include "productflow/text.h"

namespace pf::exchange {

void write_escaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\r')
      out += "&#13;";  // a parser would make LF of it
    else if (c == '\n')
      out += "&#10;";  // and a blank, in an attribute
    else if (c == '\t')
      out += "&#9;";
    else
      out += c;
  }
}

bool fits_xml(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') return false;
  return text.find("\xef\xbf\xbe") == std::string_view::npos && text.find("\xef\xbf\xbf") == std::string_view::npos;
}

namespace {

// A name that XML cannot hold takes its whole object along, as JSON.
bool names_fit(const json::Members& members) {
  for (const auto& [name, member] : members)
    if (!fits_xml(name)) return false;
  return true;
}
// `start`: the element's tag without its end.
void write_element(std::string_view element, std::string_view start, const json::Value& value, std::string& out) {
  out.append("<").append(start);
  const auto typed = [&](const char* type) { out.append(" type=\"").append(type).append("\">"); };
  if (const auto* members = value.as_object(); members != nullptr && names_fit(*members)) {
    typed("object");
    for (const auto& [name, member] : *members) {
      std::string field = "field name=\"";
      write_escaped(name, field);
      write_element("field", field + "\"", member, out);
    }
  } else if (const auto* items = value.as_array()) {
    typed("list");
    for (const json::Value& item : *items) write_element("value", "value", item, out);
  } else if (const auto* text = value.as_string(); text != nullptr && fits_xml(*text)) {
    out += ">";
    write_escaped(*text, out);
  } else if (value.is_null()) {
    typed("null");
  } else {
    typed(value.as_number() != nullptr ? "number" : value.as_bool() != nullptr ? "boolean" : "json");
    write_escaped(json::write(value), out);
  }
  out.append("</").append(element).append(">");
}

std::string_view attribute_of(const std::vector<formats::XmlPath>& paths, const formats::XmlElement& element,
                              std::string_view name) {
  for (const auto& child : element.children)
    if (paths[child.path].attribute && paths[child.path].name == name) return child.text;
  return {};
}

json::Value typed_value(const std::vector<formats::XmlPath>& paths, const formats::XmlElement& element) {
  const std::string_view type = attribute_of(paths, element, "@type");
  if (type == "object") return own_value(paths, element);
  if (type == "list") {
    json::Value list = json::Value::array();
    for (const auto& child : element.children)
      if (!paths[child.path].attribute) list.push(typed_value(paths, child));
    return list;
  }
  if (type == "null") return nullptr;
  if (type == "number" || type == "boolean" || type == "json") {
    auto value = json::parse(trim(element.text));
    if (value.ok()) return *std::move(value);
  }
  return element.text;
}

}  // namespace

void write_xml_members(const json::Value& object, std::string& out) {
  for (const auto& [name, member] : *object.as_object()) {
    if (member.is_null()) continue;
    std::string field = "field name=\"";
    write_escaped(name, field);
    write_element("field", field + "\"", member, out);
  }
}

std::optional<std::size_t> own_records(const std::vector<formats::XmlPath>& paths) {
  if (paths.size() < 3 || paths[1].children.size() != 1) return std::nullopt;
  const std::string& root = paths[1].name;
  const auto& [name, record] = *paths[1].children.begin();
  if (root != name + "s" || paths[record].children.size() != 1) return std::nullopt;
  const auto field = paths[record].children.find("field");
  if (field == paths[record].children.end() || !paths[field->second].children.contains("@name")) return std::nullopt;
  return record;
}

json::Value own_value(const std::vector<formats::XmlPath>& paths, const formats::XmlElement& record) {
  json::Members out;
  std::set<std::string_view> seen;  // the first of a name counts
  for (const auto& child : record.children)
    if (const auto name = attribute_of(paths, child, "@name"); !paths[child.path].attribute && seen.insert(name).second)
      out.emplace_back(name, typed_value(paths, child));
  return out;
}

}  // namespace pf::exchange
