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
  explicit JsonTree(TreeHandler& handler) : handler_(handler), stream_(*this) {}
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
    return {open_.back().list ? kJsonList : std::string_view(), open_.back().name, ""};
  }

  Result<> begin_object() override {
    PF_TRY(handler_.begin(name(), nothing()));
    open_.push_back({});
    return {};
  }
  Result<> end_object() override {
    open_.pop_back();
    return handler_.end(name());
  }
  // A list in a list is an element that holds items; every other one is its items alone.
  Result<> begin_array() override {
    const bool nested = !open_.empty() && open_.back().list;
    if (nested) PF_TRY(handler_.begin(name(), nothing()));
    open_.push_back({true, nested ? "item" : std::string(name().local)});
    return {};
  }
  Result<> end_array() override {
    open_.pop_back();
    const bool nested = !open_.empty() && open_.back().list;
    return nested ? handler_.end(name()) : Result<>();
  }
  Result<> name(std::string_view name) override {
    open_.back().name = name;
    return {};
  }
  Result<> scalar(std::string_view piece, bool last) override {
    if (!in_scalar_) PF_TRY(handler_.begin(name(), nothing()));
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
  std::vector<Open> open_;
  bool opened_ = false, in_scalar_ = false;
  json::Stream stream_;
};

}  // namespace

std::unique_ptr<TreeReader> tree_reader(Notation notation, TreeHandler& handler) {
  if (notation == Notation::xml) return std::make_unique<XmlTree>(handler);
  return std::make_unique<JsonTree>(handler);
}

}  // namespace pf::formats
