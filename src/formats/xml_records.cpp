#include "formats/xml_records.h"

#include <algorithm>

#include "json/json.h"
#include "productflow/text.h"

namespace pf::formats {
namespace {

constexpr std::string_view kGoogle = "http://base.google.com/ns/1.0";

std::string path_name(const XmlName& name) {
  if (name.space.starts_with(kGoogle)) return "g:" + std::string(name.local);
  if (name.prefix.empty()) return std::string(name.local);
  return std::string(name.prefix) + ":" + std::string(name.local);
}
constexpr std::size_t kLanguageBytesMax = 12;  // "zh-Hans-CN"
bool is_language(std::string_view attribute) {
  return attribute == "@xml:lang" || attribute == "@lang";
}
std::string attribute_name(const XmlName& name) {
  return "@" + path_name(name);
}

// A repeated element's value: its text, or an object when there is more in it.
json::Value list_item(const XmlSurvey& survey, const XmlElement& element) {
  const std::string_view text = trim(element.text);
  if (element.children.empty()) return text;
  json::Members out;
  if (!text.empty()) out.emplace_back("value", text);
  std::map<std::size_t, std::size_t> places;  // of a path, in `out`
  for (const XmlElement& child : element.children) {
    const XmlPath& path = survey.paths()[child.path];
    const auto [place, first] = places.try_emplace(child.path, out.size());
    if (first)
      out.emplace_back(path.attribute ? path.name.substr(1) : path.name,
                       path.most_in_parent > 1 ? json::Value::array() : json::Value());
    json::Value& member = out[place->second].second;
    if (path.most_in_parent > 1)
      member.push(list_item(survey, child));
    else
      member = list_item(survey, child);
  }
  return out;
}

}  // namespace

XmlSurvey::XmlSurvey(Notation notation, std::string keyed)
    : notation_(notation), keyed_(std::move(keyed)), reader_(tree_reader(notation, *this, keyed_)) {}

Result<std::size_t> XmlSurvey::enter(std::size_t parent, const std::string& name, bool attribute) {
  const auto found = paths_[parent].children.find(name);
  std::size_t path = 0;
  if (found != paths_[parent].children.end()) {
    path = found->second;
  } else {
    if (name.size() > kXmlNameBytesMax)
      return error(ErrorCode::too_large,
                   "The file holds an element or attribute with a name of more than 1,000 bytes.");
    if (paths_.size() >= kXmlPathsMax)
      return error(
          ErrorCode::too_large,
          notation_ == Notation::json
              ? "The file has more than 20,000 different names, so its rows cannot be told. Where the names are "
                "the keys of rows, say so (\"Read the file otherwise\", or records that end in /*)."
              : "The file has more than 20,000 different kinds of elements, so its rows cannot be told.");
    path = paths_.size();
    paths_[parent].children.emplace(name, path);
    XmlPath made;
    made.name = name;
    made.parent = parent;
    made.attribute = attribute;
    paths_.push_back(std::move(made));
    in_parent_.push_back({});
  }
  ++paths_[path].count;
  // A path is never inside itself, so its count is the number of the one that is open.
  InParent& here = in_parent_[path];
  if (here.parent != paths_[parent].count) here = {paths_[parent].count, 0};
  paths_[path].most_in_parent = std::max(paths_[path].most_in_parent, ++here.count);
  return path;
}

Result<> XmlSurvey::begin(const XmlName& name, const XmlAttributes& attributes) {
  PF_LET(const std::size_t path, enter(open_.back(), path_name(name), false));
  for (std::size_t i = 0; attributes.at(i); ++i) {
    const auto [attribute, value] = attributes[i];
    PF_LET(const std::size_t at, enter(path, attribute_name(attribute), true));
    if (!trim(value).empty()) paths_[at].text = true;
    if (is_language(paths_[at].name) && paths_[path].languages.size() < kXmlLanguagesMax &&
        trim(value).size() <= kLanguageBytesMax)
      paths_[path].languages.emplace(trim(value));
  }
  if (name.space == kJsonList) paths_[path].most_in_parent = std::max<std::uint64_t>(2, paths_[path].most_in_parent);
  open_.push_back(path);
  return {};
}
Result<> XmlSurvey::end(const XmlName&) {
  open_.pop_back();
  return {};
}
Result<> XmlSurvey::text(std::string_view piece) {
  // What a member of JSON holds is a column, also where it is empty in this file.
  if (bool& has = paths_[open_.back()].text; !has) has = notation_ == Notation::json || !trim(piece).empty();
  return {};
}
Result<> XmlSurvey::broken(std::uint64_t, std::string_view) {
  open_.resize(2);  // the document and its root
  return {};
}

std::string XmlSurvey::root() const {
  return paths_.size() > 1 ? paths_[1].name : std::string();
}

std::vector<std::size_t> XmlSurvey::candidates() const {
  // Paths come after their parents, so one walk from the end sums what is below each.
  std::vector<std::uint64_t> filled(paths_.size());
  for (std::size_t i = paths_.size(); i-- > 1;) {
    if (paths_[i].text) filled[i] += paths_[i].count;
    filled[paths_[i].parent] += filled[i];
  }
  std::vector<std::size_t> repeated_above(paths_.size());  // how many of a path's parents repeat
  struct Candidate {
    std::size_t path, inside;
    bool repeats;
  };
  std::vector<Candidate> all;
  for (std::size_t i = 1; i < paths_.size(); ++i) {
    const std::size_t parent = paths_[i].parent;
    repeated_above[i] = repeated_above[parent] + (paths_[parent].most_in_parent > 1);
    if (!paths_[i].attribute && !paths_[i].children.empty())
      all.push_back({i, repeated_above[i], paths_[i].most_in_parent > 1});
  }
  // A file with one product repeats nothing: then the innermost that says most about one thing.
  std::ranges::stable_sort(all, [&](const Candidate& a, const Candidate& b) {
    if (a.repeats != b.repeats) return a.repeats;
    if (a.inside != b.inside) return a.inside < b.inside;
    if (a.repeats && filled[a.path] != filled[b.path]) return filled[a.path] > filled[b.path];
    return paths_[a.path].children.size() > paths_[b.path].children.size();
  });
  std::vector<std::size_t> out;
  for (const Candidate& one : all) out.push_back(one.path);
  return out;
}

XmlRecords::XmlRecords(const XmlSurvey& survey, std::size_t path, Take take)
    : survey_(survey),
      path_(path),
      take_(std::move(take)),
      reader_(tree_reader(survey.notation(), *this, survey.keyed())) {}

Result<std::size_t> XmlRecords::known(std::size_t parent, const std::string& name) const {
  const auto& children = survey_.paths()[parent].children;
  const auto found = children.find(name);
  if (found == children.end()) return error(ErrorCode::internal, "The file changed while it was read.");
  return found->second;
}

Result<> XmlRecords::begin(const XmlName& name, const XmlAttributes& attributes) {
  PF_LET(const std::size_t path, known(open_.back(), path_name(name)));
  open_.push_back(path);
  if (under_way_.empty() && path != path_) return {};
  if (under_way_.empty()) {
    record_ = {};
    record_.line = reader_->line();
  }
  under_way_.push_back({path});
  grow(sizeof(XmlElement));
  for (std::size_t i = 0; attributes.at(i) && record_.fault.empty(); ++i) {
    const auto [attribute, value] = attributes[i];
    PF_LET(const std::size_t at, known(path, attribute_name(attribute)));
    under_way_.back().children.push_back({at, std::string(value)});
    grow(sizeof(XmlElement) + value.size());
  }
  return {};
}
Result<> XmlRecords::end(const XmlName&) {
  open_.pop_back();
  if (under_way_.empty()) return {};
  XmlElement done = std::move(under_way_.back());
  under_way_.pop_back();
  if (!under_way_.empty()) {
    if (record_.fault.empty()) under_way_.back().children.push_back(std::move(done));
    return {};
  }
  record_.element = std::move(done);
  return take_(std::move(record_));
}
Result<> XmlRecords::text(std::string_view piece) {
  if (under_way_.empty() || !record_.fault.empty()) return {};
  under_way_.back().text += piece;
  grow(piece.size());
  return {};
}
Result<> XmlRecords::broken(std::uint64_t line, std::string_view why) {
  open_.resize(2);
  under_way_.clear();
  record_ = {};
  record_.line = line;
  record_.element.path = path_;
  record_.fault = "is not valid JSON: " + std::string(why);
  return take_(std::move(record_));
}
// Also of elements that hold nothing: a record of millions of them is as large as one of texts.
void XmlRecords::grow(std::size_t bytes) {
  record_.bytes += bytes;
  if (record_.bytes <= kXmlRecordBytesMax || !record_.fault.empty()) return;
  record_.fault = "is larger than 8 MiB";
  for (XmlElement& element : under_way_) element = {element.path};
}

XmlRows::XmlRows(const XmlSurvey& survey, std::size_t path) : survey_(survey) {
  table_.path = path;
  add(path, "");
}

// `prefix`: of the columns below, "" for the record's own.
void XmlRows::add(std::size_t path, const std::string& prefix) {
  const auto& paths = survey_.paths();
  const XmlPath& node = paths[path];
  const bool record = path == table_.path;
  if (node.text && !node.attribute) {
    places_[path] = {table_.columns.size(), false};
    table_.columns.push_back({record ? "value" : prefix});
  }
  for (const auto& [key, at] : node.children) {
    const XmlPath& child = paths[at];
    std::string name = child.attribute ? key.substr(1) : key;
    if (child.attribute)
      for (const auto& [other, other_at] : node.children)
        if (!paths[other_at].attribute && equals_ignoring_case(other, name)) name += ".@";
    if (!prefix.empty()) name = prefix + "." + name;
    if (table_.columns.size() > kColumnsMax) return;
    // A text with nothing about it but its language.
    const bool translated = !child.languages.empty() && child.children.size() == 1 && child.text;
    if (child.attribute) {
      places_[at] = {table_.columns.size(), false};
      table_.columns.push_back({name});
    } else if (translated) {
      for (const std::string& language : child.languages) {
        languages_[{at, language}] = table_.columns.size();
        table_.columns.push_back({language.empty() ? name : name + "@" + language});
      }
      if (!child.languages.contains("")) {
        languages_[{at, ""}] = table_.columns.size();
        table_.columns.push_back({name});
      }
    } else if (child.most_in_parent > 1) {
      // <images><image/><image/></images> is a list called images.
      const bool alone = !record && node.children.size() == 1 && !node.text;
      places_[at] = {table_.columns.size(), true};
      table_.columns.push_back({alone ? prefix : name, true});
    } else {
      add(at, name);
    }
  }
}

std::vector<std::string> XmlRows::cells(const XmlElement& record) const {
  std::vector<std::string> out(table_.columns.size());
  std::map<std::size_t, json::Value> lists;
  const auto visit = [&](const auto& self, const XmlElement& element) -> void {
    if (const XmlPath& path = survey_.paths()[element.path]; !path.languages.empty()) {
      const std::string_view language = element.children.empty() ? std::string_view() : trim(element.children[0].text);
      auto column = languages_.find({element.path, std::string(language)});
      if (column == languages_.end()) column = languages_.find({element.path, ""});
      if (column != languages_.end()) {
        out[column->second] = trim(element.text);
        return;
      }
    }
    if (const auto place = places_.find(element.path); place != places_.end()) {
      if (place->second.list) {
        if (json::Value item = list_item(survey_, element); item.as_string() == nullptr || !item.as_string()->empty())
          lists.try_emplace(place->second.column, json::Value::array()).first->second.push(std::move(item));
        return;
      }
      out[place->second.column] = trim(element.text);
    }
    for (const XmlElement& child : element.children) self(self, child);
  };
  visit(visit, record);
  for (const auto& [column, list] : lists) out[column] = json::write(list);
  return out;
}

}  // namespace pf::formats
