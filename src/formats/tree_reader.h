// XML and JSON alike, as a tree that is told while it is read: a JSON file is as an XML file whose root holds an
// element
// "$" for each item of its list, for each line of NDJSON, or for the one value that it is. A member is an element of
// its name, an item of a list one more of the same name. One thread.
#pragma once

#include <memory>
#include <string>

#include "formats/xml_reader.h"

namespace pf::formats {

enum class Notation { xml, json };

inline constexpr std::string_view kJsonItem = "$";
// The space of elements that stand in a list, which they do even if there is but one.
inline constexpr std::string_view kJsonList = "json:list";

// What the members of an object are called that are rows whatever their names (Written::keyed).
inline constexpr std::string_view kJsonKeyed = "*";

class TreeHandler : public XmlHandler {
 public:
  // Of NDJSON: a line cannot be read. What was told of it is to be forgotten; begin() and end() of it come no more.
  virtual Result<> broken(std::uint64_t line, std::string_view why) = 0;
};

class TreeReader {
 public:
  virtual ~TreeReader() = default;
  virtual Result<> feed(std::string_view piece) = 0;  // of JSON: in UTF-8
  virtual Result<> finish() = 0;
  virtual std::uint64_t line() const = 0;
};
// `keyed`: of JSON, where such an object stands ("$/products"); empty: nowhere. REQUIRES: handler outlives it.
std::unique_ptr<TreeReader> tree_reader(Notation notation, TreeHandler& handler, const std::string& keyed = {});

}  // namespace pf::formats
