// Where an order by keys stands while a page is looked for. Only for this room.
#pragma once

#include "search/answer.h"

namespace pf::search {

struct Answer::Ordering {
  std::vector<Sort> keys;
  std::vector<std::string> after;  // a value for each key, where a page goes on
  Document after_document = 0;
  std::size_t count;   // of documents that are wanted
  std::uint64_t skip;  // so many before them
  std::vector<Document> found{};

  bool full() const { return found.size() >= count; }
  bool is_last(std::size_t key) const { return key + 1 == keys.size(); }
  void take(Document document) {  // the next one in order
    if (skip > 0)
      --skip;
    else if (!full())
      found.push_back(document);
  }
};

}  // namespace pf::search
