#include "formats/keyed_objects.h"

#include <algorithm>
#include <map>

#include "json/stream.h"

namespace pf::formats {
namespace {

// What holds a file's things; below any other name lies a thing itself.
constexpr std::string_view kHolders[] = {"products", "items",    "data",     "articles", "artikelen",
                                         "artikel",  "produkte", "produits", "catalog",  "response",
                                         "result",   "results",  "records",  "rows"};

// The text as a tree without its values.
struct Node {
  std::string name{};
  bool object = false, whole = false;
  std::vector<Node> members{};
};

class Tree final : public json::Listener {
 public:
  Node root{};
  bool more_follows = false;

 private:
  Result<> begin_object() override {
    if (root.whole) more_follows = true;
    if (lists_ > 0 || more_follows) {
      ++lists_;
      return {};
    }
    Node* at = &root;
    if (!open_.empty()) at = &open_.back()->members.emplace_back(Node{std::move(name_)});
    at->object = true;
    open_.push_back(at);
    return {};
  }
  Result<> end_object() override {
    if (lists_ > 0) {
      --lists_;
      return {};
    }
    open_.back()->whole = true;
    open_.pop_back();
    return {};
  }
  Result<> begin_array() override {
    if (lists_++ == 0 && !open_.empty()) open_.back()->members.push_back({std::move(name_), false, true});
    return {};
  }
  Result<> end_array() override {
    --lists_;
    return {};
  }
  Result<> name(std::string_view name) override {
    if (lists_ == 0) name_ = name;
    return {};
  }
  Result<> scalar(std::string_view, bool last) override {
    if (open_.empty()) more_follows = true;
    if (last && lists_ == 0 && !open_.empty()) open_.back()->members.push_back({std::move(name_), false, true});
    return {};
  }
  Result<> broken(std::uint64_t, std::string_view) override {
    more_follows = true;
    return {};
  }
  // Only the last member of an object that is open grows, so that none of these moves while it is open.
  std::vector<Node*> open_{};
  std::string name_{};
  std::size_t lists_ = 0;  // levels below a list, which are passed over
};

// Each has half of the names that most have.
bool are_alike(const std::vector<Node>& rows) {
  std::map<std::string_view, std::size_t> count;
  for (const Node& row : rows)
    for (const Node& member : row.members) ++count[member.name];
  std::erase_if(count, [&](const auto& name) { return name.second * 2 <= rows.size(); });
  return !count.empty() && std::ranges::all_of(rows, [&](const Node& row) {
    const auto common = std::ranges::count_if(row.members, [&](const Node& one) { return count.contains(one.name); });
    return common > 0 && static_cast<std::size_t>(common) * 2 >= count.size();
  });
}

void add_names(const Node& row, const std::string& prefix, std::vector<std::string>& names) {
  for (const Node& member : row.members) {
    std::string name = prefix + member.name;
    if (member.object)
      add_names(member, name + ".", names);
    else if (names.size() < kKeyedNamesMax && std::ranges::find(names, name) == names.end())
      names.push_back(std::move(name));
  }
}

bool find_rows(Node& node, KeyedObjects& out) {
  std::vector<Node>& members = node.members;
  // The text may end in it.
  const bool cut = !members.empty() && !members.back().whole;
  const std::size_t whole = members.size() - (cut ? 1 : 0);
  const auto is_object = [](const Node& one) { return one.object; };
  if (whole >= kKeyedRowsMin && std::ranges::all_of(members, is_object)) {
    members.resize(std::min(whole, kKeyedRowsSeen));
    if (!are_alike(members)) return false;
    for (const Node& row : members) {
      out.keys.push_back(row.name);
      add_names(row, {}, out.names);
    }
    return true;
  }
  if (out.where.size() == kKeyedDepthMax) return false;
  for (Node& member : members) {
    if (!member.object || std::ranges::find(kHolders, std::string_view(member.name)) == std::end(kHolders)) continue;
    for (const Node& other : members)
      if (&other != &member && out.beside.size() < kKeyedNamesMax) out.beside.push_back(other.name);
    out.where.push_back(member.name);
    return find_rows(member, out);
  }
  return false;
}

}  // namespace

std::optional<KeyedObjects> keyed_objects_in(std::string_view start) {
  Tree tree;
  json::Stream stream(tree);
  if (!stream.feed(start).ok() || tree.more_follows || !tree.root.object) return std::nullopt;
  KeyedObjects out;
  return find_rows(tree.root, out) ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace pf::formats
