// Finds the row for a method and a path. Segments are percent-decoded after the match, so a SKU may hold '/', blanks
// and '%'. Built once, then read by any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gate/route.h"

namespace pf::gate {

std::string_view method_name(Method method);

class Router {
 public:
  explicit Router(const std::vector<Row>& rows);  // keeps a reference

  struct Match {
    const Row* row = nullptr;                               // null: nothing fits the method
    std::vector<std::pair<std::string, std::string>> path;  // decoded
    std::string allowed;                                    // methods of the path, when only the method is wrong
    bool undecodable = false;
  };
  Match find(std::string_view method, std::string_view encoded_path) const;

 private:
  struct Shape {
    std::vector<std::string> segments;
    const Row* row;
  };
  std::map<std::size_t, std::vector<Shape>> by_length_;  // rows with few parameters first
};

}  // namespace pf::gate
