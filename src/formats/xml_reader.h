// Reads XML 1.0 through expat, in pieces, in constant memory. A document type (<!DOCTYPE) may be named; it is never
// fetched, and one that declares something itself is refused: entities are how a small file becomes a large one. Those
// of HTML may be known, each of which is one character. One thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "productflow/result.h"

namespace pf::formats {

inline constexpr std::size_t kXmlDepthMax = 100;            // real feeds have some ten levels
inline constexpr std::size_t kXmlTokenBytesMax = 8u << 20;  // of one tag, comment or piece that cannot be cut
// Of the parser itself, which keeps each different name to the end: some 100 bytes each, and real files have hundreds.
inline constexpr std::size_t kXmlParserBytesMax = 64u << 20;

// Namespaces resolved: `space` is the URI, "" for none; `prefix` what the document calls it.
struct XmlName {
  std::string_view space{}, local{}, prefix{};
};

class XmlAttributes {
 public:
  XmlAttributes(const char** pairs, bool resolved) : pairs_(pairs), resolved_(resolved) {}
  struct One {
    XmlName name;
    std::string_view value;
  };
  bool at(std::size_t i) const { return pairs_[i * 2] != nullptr; }
  One operator[](std::size_t i) const;
  // By local name, whatever the space; "" when it is not there.
  std::string_view value(std::string_view local) const;

 private:
  const char** pairs_;
  bool resolved_;
};

class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  // An Error ends the reading and is what feed() answers.
  virtual Result<> begin(const XmlName& name, const XmlAttributes& attributes) = 0;
  virtual Result<> end(const XmlName& name) = 0;
  virtual Result<> text(std::string_view piece) = 0;  // of one text there may be several
};

class XmlReader {
 public:
  // as_written: spaces stay empty and prefixes are told, which takes half the time where local names say enough.
  enum class Names { resolved, as_written };
  // of_html_too: &nbsp; and its like are the characters that HTML 4.01 says, as in what people write by hand.
  enum class Entities { of_xml, of_html_too };
  // REQUIRES: handler outlives it.
  XmlReader(XmlHandler& handler, Names names, Entities entities = Entities::of_xml);
  ~XmlReader();
  XmlReader(const XmlReader&) = delete;
  XmlReader& operator=(const XmlReader&) = delete;
  // `invalid` with the line for what is no XML, and for an entity that is not known; `unsupported` for a DOCTYPE
  // with declarations of its own or an encoding that is not known; `too_large` above a limit.
  Result<> feed(std::string_view piece);
  Result<> finish();
  std::uint64_t line() const;  // where the reading is, counted from 1

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace pf::formats
