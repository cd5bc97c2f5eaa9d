#include "formats/xml_reader.h"

#include <expat.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "formats/code_pages.h"
#include "formats/html_entities.h"
#include "productflow/text.h"

namespace pf::formats {
namespace {

constexpr char kNameSeparator = '\x1f';           // between space, local name and prefix; no XML name can hold it
constexpr std::size_t kXmlPieceBytes = 1u << 20;  // expat counts in int

XmlName name_of(const char* raw, bool resolved) {
  const std::string_view all(raw);
  if (!resolved) {
    const std::size_t colon = all.find(':');
    return colon == std::string_view::npos ? XmlName{{}, all, {}}
                                           : XmlName{{}, all.substr(colon + 1), all.substr(0, colon)};
  }
  const std::size_t first = all.find(kNameSeparator);
  if (first == std::string_view::npos) return {{}, all, {}};
  const std::size_t second = all.find(kNameSeparator, first + 1);
  if (second == std::string_view::npos) return {all.substr(0, first), all.substr(first + 1), {}};
  return {all.substr(0, first), all.substr(first + 1, second - first - 1), all.substr(second + 1)};
}

// Expat 2.5 has no limit of its own, and its calls for memory do not say which parser calls: so each reader says it for
// the thread, while it is inside expat. A block has its size in front.
thread_local std::size_t* parser_bytes = nullptr;
constexpr std::size_t kBlockHead = alignof(std::max_align_t);

class InsideExpat {
 public:
  explicit InsideExpat(std::size_t& bytes) : before_(std::exchange(parser_bytes, &bytes)) {}
  ~InsideExpat() { parser_bytes = before_; }
  InsideExpat(const InsideExpat&) = delete;
  InsideExpat& operator=(const InsideExpat&) = delete;

 private:
  std::size_t* const before_;
};

void* resize_block(void* block, std::size_t size) {
  char* const head = block == nullptr ? nullptr : static_cast<char*>(block) - kBlockHead;
  std::size_t before = 0;
  if (head != nullptr) std::memcpy(&before, head, sizeof before);
  if (size > kXmlParserBytesMax || *parser_bytes - before + size > kXmlParserBytesMax) return nullptr;
  auto* const made = static_cast<char*>(std::realloc(head, kBlockHead + size));
  if (made == nullptr) return nullptr;
  std::memcpy(made, &size, sizeof size);
  *parser_bytes += size - before;
  return made + kBlockHead;
}
void* new_block(std::size_t size) {
  return resize_block(nullptr, size);
}
void free_block(void* block) {
  if (block == nullptr) return;
  char* const head = static_cast<char*>(block) - kBlockHead;
  std::size_t size = 0;
  std::memcpy(&size, head, sizeof size);
  *parser_bytes -= size;
  std::free(head);
}

}  // namespace

XmlAttributes::One XmlAttributes::operator[](std::size_t i) const {
  return {name_of(pairs_[i * 2], resolved_), pairs_[i * 2 + 1]};
}
std::string_view XmlAttributes::value(std::string_view local) const {
  for (std::size_t i = 0; at(i); ++i)
    if (name_of(pairs_[i * 2], resolved_).local == local) return pairs_[i * 2 + 1];
  return {};
}

struct XmlReader::Impl {
  Impl(XmlHandler& h, bool names_resolved, bool html) : handler(h), resolved(names_resolved), knows_html(html) {}
  ~Impl() {
    const InsideExpat inside(bytes);
    XML_ParserFree(parser);
  }
  XmlHandler& handler;
  const bool resolved, knows_html;
  XML_Parser parser = nullptr;
  Result<> failed{};
  std::size_t depth = 0, bytes = 0;
  std::uint64_t fed = 0;
  bool ended = false, has_doctype = false;

  void keep(Result<> result) {
    if (result.ok() || !failed.ok()) return;
    failed = std::move(result);
    XML_StopParser(parser, XML_FALSE);
  }
  void refuse(ErrorCode code, std::string message) { keep(error(code, std::move(message))); }

  static void XMLCALL on_begin(void* self, const XML_Char* name, const XML_Char** attributes) {
    auto& in = *static_cast<Impl*>(self);
    if (!in.failed.ok()) return;
    if (++in.depth > kXmlDepthMax)
      return in.refuse(ErrorCode::too_large, "The XML is nested more than 100 levels deep, which no feed is.");
    if (in.has_doctype || in.knows_html)
      if (const auto unsaid = in.unsaid_in_tag()) return in.refuse_unsaid(*unsaid);
    in.keep(in.handler.begin(name_of(name, in.resolved), XmlAttributes(attributes, in.resolved)));
  }
  static void XMLCALL on_end(void* self, const XML_Char* name) {
    auto& in = *static_cast<Impl*>(self);
    if (!in.failed.ok()) return;
    --in.depth;
    in.keep(in.handler.end(name_of(name, in.resolved)));
  }
  static void XMLCALL on_text(void* self, const XML_Char* text, int size) {
    auto& in = *static_cast<Impl*>(self);
    if (in.failed.ok()) in.keep(in.handler.text({text, static_cast<std::size_t>(size)}));
  }
  // One that only names a document of rules, as BMEcat's and YML's do, declares nothing: that document is never
  // fetched.
  static void XMLCALL on_doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int has_inner) {
    static_cast<Impl*>(self)->has_doctype = true;
    if (has_inner == 0) return;
    static_cast<Impl*>(self)->refuse(
        ErrorCode::unsupported,
        "The XML has a document type declaration with a part of its own (<!DOCTYPE ... [ ... ]>), which is not read "
        "because it can make a small file endless. Leave that part out, if you trust the file.");
  }
  // It may be declared in the document that is not fetched; to leave it out would lose a part of the text.
  static void XMLCALL on_skipped(void* self, const XML_Char* name, int is_parameter) {
    if (is_parameter == 0) static_cast<Impl*>(self)->refuse_unsaid(name);
  }
  void refuse_unsaid(std::string_view name) {
    refuse(ErrorCode::invalid, "The XML uses &" + std::string(name.substr(0, 100)) +
                                   "; without saying what that stands for. Ask whoever "
                                   "made the file to write the character itself.");
  }
  // Of values of attributes expat tells nothing of the kind, so the tag is looked through as it is written.
  std::optional<std::string> unsaid_in_tag() const {
    int offset = 0, size = 0;
    const char* const buffer = XML_GetInputContext(parser, &offset, &size);
    const int count = XML_GetCurrentByteCount(parser);
    if (buffer == nullptr || count <= 0 || count > size - offset) return std::nullopt;
    const std::string_view tag(buffer + offset, static_cast<std::size_t>(count));
    // Of UTF-16 the half of a letter that is not zero in those of a name; a tag begins with <.
    const bool wide = tag.size() > 1 && (tag[0] == '\0' || tag[1] == '\0');
    const std::size_t step = wide ? 2 : 1, low = wide && tag[0] == '\0' ? 1 : 0;
    const auto is = [&](std::size_t at, char c) {
      return at + step <= tag.size() && tag[at + low] == c && (!wide || tag[at + 1 - low] == '\0');
    };
    for (std::size_t at = 0; at + step <= tag.size(); at += step) {
      if (!wide && (at = tag.find('&', at)) == std::string_view::npos) break;
      if (!is(at, '&')) continue;
      std::string name;
      std::size_t end = at + step;
      constexpr std::size_t kNameBytesMax = 100;
      for (; end + step <= tag.size() && !is(end, ';') && name.size() < kNameBytesMax; end += step)
        name += tag[end + low] > ' ' && tag[end + low] < '\x7f' ? tag[end + low] : '?';
      if (!name.starts_with('#') && name != "amp" && name != "lt" && name != "gt" && name != "quot" && name != "apos" &&
          !(knows_html && is_html_entity(name)))
        return name;
    }
    return std::nullopt;
  }
  // Whatever document of rules the file names, or none: what is read in its place is our own list. `context` would be
  // of an entity that lies in a file of its own, which nothing here can declare.
  static int XMLCALL on_rules(XML_Parser parser, const XML_Char* context, const XML_Char*, const XML_Char*,
                              const XML_Char*) {
    if (context != nullptr) return XML_STATUS_ERROR;
    XML_Parser rules = XML_ExternalEntityParserCreate(parser, nullptr, "UTF-8");
    if (rules == nullptr) return XML_STATUS_ERROR;
    const std::string& declarations = html_entity_declarations();
    const auto read = XML_Parse(rules, declarations.data(), static_cast<int>(declarations.size()), 1);
    XML_ParserFree(rules);
    return read;
  }
  // Beyond those that expat knows: what Windows programs write, and shops of Central and Eastern Europe.
  static int XMLCALL on_encoding(void*, const XML_Char* name, XML_Encoding* info) {
    const auto page = code_page_called(name);
    if (!page) return XML_STATUS_ERROR;
    for (int i = 0; i < 256; ++i) info->map[i] = static_cast<int>(point_of(*page, static_cast<unsigned char>(i)));
    info->data = nullptr;
    info->convert = nullptr;
    info->release = nullptr;
    return XML_STATUS_OK;
  }

  Result<> parse(std::string_view piece, bool last) {
    if (ended) return {};
    const InsideExpat inside(bytes);
    const auto status = XML_Parse(parser, piece.data(), static_cast<int>(piece.size()), last ? 1 : 0);
    if (!failed.ok()) {
      ended = true;
      return failed;
    }
    if (status != XML_STATUS_OK) {
      ended = true;
      return fault(XML_GetErrorCode(parser));
    }
    fed += piece.size();
    const XML_Index at = XML_GetCurrentByteIndex(parser);
    if (!last && at >= 0 && fed - std::min(fed, static_cast<std::uint64_t>(at)) > kXmlTokenBytesMax) {
      ended = true;
      return error(ErrorCode::too_large, "line " + std::to_string(XML_GetCurrentLineNumber(parser)) +
                                             ": the XML holds a tag or a comment of more than 8 MiB");
    }
    return {};
  }

  Error fault(XML_Error code) const {
    if (code == XML_ERROR_UNKNOWN_ENCODING || code == XML_ERROR_INCORRECT_ENCODING)
      return error(ErrorCode::unsupported,
                   "The XML is in an encoding that is not read here. Save it as UTF-8 and send it again.");
    const std::string line = "line " + std::to_string(XML_GetCurrentLineNumber(parser)) + ": ";
    if (code == XML_ERROR_NO_MEMORY)
      return error(ErrorCode::too_large,
                   line + "the XML holds more names of elements and attributes, or larger ones, than can be read");
    if (code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN || code == XML_ERROR_UNCLOSED_CDATA_SECTION)
      return error(ErrorCode::invalid, line + "the file ends inside the XML; it seems to be cut off");
    return error(ErrorCode::invalid, line + "the XML is not well formed (" + XML_ErrorString(code) + ")");
  }
};

XmlReader::XmlReader(XmlHandler& handler, Names names, Entities entities)
    : impl_(std::make_unique<Impl>(handler, names == Names::resolved, entities == Entities::of_html_too)) {
  const InsideExpat inside(impl_->bytes);
  const XML_Memory_Handling_Suite memory{new_block, resize_block, free_block};
  XML_Parser parser = XML_ParserCreate_MM(nullptr, &memory, impl_->resolved ? &kNameSeparator : nullptr);
  impl_->parser = parser;
  XML_SetReturnNSTriplet(parser, 1);
  XML_SetUserData(parser, impl_.get());
  XML_SetElementHandler(parser, Impl::on_begin, Impl::on_end);
  XML_SetCharacterDataHandler(parser, Impl::on_text);
  XML_SetStartDoctypeDeclHandler(parser, Impl::on_doctype);
  XML_SetSkippedEntityHandler(parser, Impl::on_skipped);
  XML_SetUnknownEncodingHandler(parser, Impl::on_encoding, nullptr);
  if (!impl_->knows_html) return;
  XML_UseForeignDTD(parser, XML_TRUE);
  XML_SetParamEntityParsing(parser, XML_PARAM_ENTITY_PARSING_ALWAYS);
  XML_SetExternalEntityRefHandler(parser, Impl::on_rules);
}
XmlReader::~XmlReader() = default;

Result<> XmlReader::feed(std::string_view piece) {
  for (std::size_t at = 0; at < piece.size(); at += kXmlPieceBytes)
    PF_TRY(impl_->parse(piece.substr(at, kXmlPieceBytes), false));
  return {};
}
Result<> XmlReader::finish() {
  return impl_->parse({}, true);
}
std::uint64_t XmlReader::line() const {
  return XML_GetCurrentLineNumber(impl_->parser);
}

}  // namespace pf::formats
