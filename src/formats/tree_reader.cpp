#include "formats/tree_reader.h"

#include "json/stream.h"

namespace pf::formats {
namespace {

class XmlTree final : public TreeReader {
 public:
  explicit XmlTree(TreeHandler& handler)
      : reader_(handler, XmlReader::Names::resolved, XmlReader::Entities::of_html_too) {}
  Result<> feed(std::string_view piece) override { return reader_.feed(piece); }
  Result<> finish() override { return reader_.finish(); }
  std::uint64_t line() const override { return reader_.line(); }

 private:
  XmlReader reader_;
};

class JsonTree final : public TreeReader, private json::Listener {
 public:
  JsonTree(TreeHandler& handler, std::string keyed) : handler_(handler), keyed_(std::move(keyed)), stream_(*this) {}
  Result<> feed(std::string_view piece) override {
    PF_TRY(open_root());
    return stream_.feed(piece);
  }
  Result<> finish() override {
    PF_TRY(open_root());
    PF_TRY(stream_.finish());
    return handler_.end(root());
  }
  std::uint64_t line() const override { return stream_.line(); }

 private:
  // What is open: an object, or a list whose items bear its name.
  struct Open {
    bool list = false;
    std::string name{};  // of the member that comes, or of the items
    bool keyed = false;  // an object whose members are items
    std::string key{};   // of the one that comes
  };
  static XmlName root() { return {"", "json", ""}; }
  static const XmlAttributes& nothing() {
    static const char* none[] = {nullptr};
    static const XmlAttributes attributes(none, false);
    return attributes;
  }
  Result<> open_root() {
    if (opened_) return {};
    opened_ = true;
    return handler_.begin(root(), nothing());
  }
  // The element that a value is: what holds it names it.
  XmlName name() const {
    if (open_.empty()) return {"", kJsonItem, ""};
    return {open_.back().list || open_.back().keyed ? kJsonList : std::string_view(), open_.back().name, ""};
  }
  // Whether the object that begins is the one whose members are items.
  bool is_keyed() const {
    std::string_view left(keyed_);
    if (!left.starts_with(kJsonItem)) return false;
    left.remove_prefix(kJsonItem.size());
    for (std::size_t i = 0; i < open_.size(); ++i) {
      if (open_[i].list && (i == 0 || !open_[i - 1].list)) continue;  // its items bear the name of the member
      if (!left.starts_with('/') || !left.substr(1).starts_with(open_[i].name)) return false;
      left.remove_prefix(1 + open_[i].name.size());
    }
    return left.empty();
  }
  // The key under which the value that begins stands, or the list of which it is an item.
  const std::string* key() const {
    const std::size_t depth = open_.size();
    if (depth > 0 && open_[depth - 1].keyed) return &open_[depth - 1].key;
    return depth > 1 && open_[depth - 1].list && open_[depth - 2].keyed ? &open_[depth - 2].key : nullptr;
  }
  Result<> begin_value() {
    const std::string* of = keyed_.empty() ? nullptr : key();
    if (of == nullptr || of->find('\0') != std::string::npos) return handler_.begin(name(), nothing());
    const char* pairs[] = {"key", of->c_str(), nullptr};
    return handler_.begin(name(), XmlAttributes(pairs, false));
  }

  Result<> begin_object() override {
    const bool keyed = !keyed_.empty() && is_keyed();
    PF_TRY(begin_value());
    open_.push_back({false, std::string(keyed ? kJsonKeyed : std::string_view()), keyed});
    return {};
  }
  Result<> end_object() override {
    open_.pop_back();
    return handler_.end(name());
  }
  // A list in a list is an element that holds items; every other one is its items alone.
  Result<> begin_array() override {
    const bool nested = !open_.empty() && open_.back().list;
    if (nested) PF_TRY(begin_value());
    open_.push_back({true, nested ? "item" : std::string(name().local)});
    return {};
  }
  Result<> end_array() override {
    open_.pop_back();
    const bool nested = !open_.empty() && open_.back().list;
    return nested ? handler_.end(name()) : Result<>();
  }
  Result<> name(std::string_view name) override {
    (open_.back().keyed ? open_.back().key : open_.back().name) = name;
    return {};
  }
  Result<> scalar(std::string_view piece, bool last) override {
    if (!in_scalar_) PF_TRY(begin_value());
    in_scalar_ = !last;
    PF_TRY(handler_.text(piece));
    return last ? handler_.end(name()) : Result<>();
  }
  Result<> broken(std::uint64_t line, std::string_view why) override {
    open_.clear();
    in_scalar_ = false;
    return handler_.broken(line, why);
  }

  TreeHandler& handler_;
  const std::string keyed_;
  std::vector<Open> open_;
  bool opened_ = false, in_scalar_ = false;
  json::Stream stream_;
};

}  // namespace

std::unique_ptr<TreeReader> tree_reader(Notation notation, TreeHandler& handler, const std::string& keyed) {
  if (notation == Notation::xml) return std::make_unique<XmlTree>(handler);
  return std::make_unique<JsonTree>(handler, keyed);
}

}  // namespace pf::formats
