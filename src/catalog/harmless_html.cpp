#include "catalog/harmless_html.h"

#include <algorithm>

#include "productflow/text.h"

namespace pf::catalog {
namespace {

constexpr int kPassesMax = 3;  // more are needed by nothing that a person wrote

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

// What stands between their tags is no text for people.
bool holds_code(std::string_view name) {
  return is_one_of(name, {"script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "template", "textarea",
                          "title", "plaintext", "svg", "math", "object", "applet"});
}
bool is_taken_out(std::string_view name) {
  return holds_code(name) || is_one_of(name, {"embed", "frame", "frameset", "base", "link", "meta", "form", "input",
                                              "button", "select", "option", "param", "portal", "html", "head", "body"});
}

// An address as a browser reads it: without blanks and control characters, with its letters' numbers as letters.
std::string address_of(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '&' && at + 2 < text.size() && text[at + 1] == '#') {
      const bool hexadecimal = text[at + 2] == 'x' || text[at + 2] == 'X';
      unsigned long code = 0;
      std::size_t end = at + (hexadecimal ? 3 : 2);
      for (; end < text.size(); ++end) {
        const char digit = text[end] >= 'A' && text[end] <= 'F' ? static_cast<char>(text[end] + 32) : text[end];
        if (digit >= '0' && digit <= '9')
          code = code * (hexadecimal ? 16 : 10) + static_cast<unsigned long>(digit - '0');
        else if (hexadecimal && digit >= 'a' && digit <= 'f')
          code = code * 16 + static_cast<unsigned long>(digit - 'a' + 10);
        else
          break;
        code = std::min(code, 0x110000ul);
      }
      if (end < text.size() && text[end] == ';') ++end;
      c = code < 0x80 ? static_cast<char>(code) : '?';
      at = end - 1;
    } else if (c == '&') {
      for (const auto& [name, meant] : {std::pair{"&colon;", ':'}, {"&Tab;", ' '}, {"&NewLine;", ' '}, {"&amp;", '&'}})
        if (text.substr(at).starts_with(name)) {
          c = meant;
          at += std::string_view(name).size() - 1;
          break;
        }
    }
    if (static_cast<unsigned char>(c) > 0x20) out += c;
  }
  return lower_ascii(out);
}
bool is_harmless_address(std::string_view text, bool picture) {
  const std::string address = address_of(text);
  const std::size_t colon = address.find(':');
  if (colon == std::string::npos || address.find_first_of("/?#") < colon) return true;
  const std::string_view scheme = std::string_view(address).substr(0, colon);
  if (is_one_of(scheme, {"http", "https", "mailto", "tel"})) return true;
  return picture && std::ranges::any_of(std::initializer_list<std::string_view>{"data:image/png", "data:image/jpeg",
                                                                                "data:image/gif", "data:image/webp"},
                                        [&](std::string_view kind) { return address.starts_with(kind); });
}

bool is_harmless_attribute(std::string_view name, std::string_view value) {
  const std::string folded = lower_ascii(name);
  if (folded.empty() || folded.find_first_of("\"'<>`=&") != std::string::npos) return false;
  if (folded.starts_with("on") || folded.starts_with("xlink:") ||
      is_one_of(folded, {"srcdoc", "formaction", "action", "ping", "http-equiv", "is", "nonce"}))
    return false;
  if (is_one_of(folded, {"href", "src", "srcset", "poster", "background", "cite", "data", "longdesc", "usemap"}))
    return is_harmless_address(value, folded != "href");
  if (folded != "style") return true;
  const std::string style = address_of(value);
  return style.find("expression") == std::string::npos && style.find("script:") == std::string::npos &&
         style.find("behavior") == std::string::npos && style.find("-moz-binding") == std::string::npos &&
         style.find('\\') == std::string::npos && style.find("@import") == std::string::npos;
}

class Pass {
 public:
  explicit Pass(std::string_view html) : html_(html) { out_.reserve(html.size()); }

  std::string done() && {
    while (at_ < html_.size()) {
      const std::size_t open = std::min(html_.find('<', at_), html_.size());
      out_.append(html_.substr(at_, open - at_));
      at_ = open;
      if (at_ < html_.size()) angle();
    }
    return std::move(out_);
  }

 private:
  void escape() {
    out_ += "&lt;";
    ++at_;
  }
  // Goes on at `to`; what stood before and what comes now must not become a tag together.
  void leave_out(std::size_t to) {
    at_ = to;
    if (out_.ends_with('<')) out_.replace(out_.size() - 1, 1, "&lt;");
  }

  void angle() {
    const char next = at_ + 1 < html_.size() ? html_[at_ + 1] : ' ';
    const bool closing = next == '/';
    if (next == '!' || next == '?' || (closing && (at_ + 2 >= html_.size() || !is_letter(html_[at_ + 2])))) {
      const bool comment = html_.substr(at_).starts_with("<!--");
      const std::size_t end = unended_ ? std::string_view::npos : html_.find(comment ? "-->" : ">", at_);
      if (end == std::string_view::npos) {
        unended_ = true;
        return escape();
      }
      return leave_out(end + (comment ? 3 : 1));
    }
    if (!closing && !is_letter(next)) {  // "a < b"
      out_ += '<';
      ++at_;
      return;
    }
    tag(closing);
  }

  void tag(bool closing) {
    std::size_t at = at_ + (closing ? 2 : 1);
    const std::size_t begin = at;
    while (at < html_.size() && !is_blank(html_[at]) && html_[at] != '>' && html_[at] != '/') ++at;
    const std::string name = lower_ascii(html_.substr(begin, at - begin));
    std::string kept(html_.substr(at_, at - at_));
    bool changed = false, ended = false;
    while (at < html_.size() && !unended_) {
      const std::size_t blanks = at;
      while (at < html_.size() && (is_blank(html_[at]) || html_[at] == '/')) ++at;
      if (at >= html_.size()) break;
      if (html_[at] == '>') {
        kept.append(html_.substr(blanks, ++at - blanks));
        ended = true;
        break;
      }
      const std::size_t word = at;
      while (at < html_.size() && !is_blank(html_[at]) && html_[at] != '=' && html_[at] != '>' && html_[at] != '/')
        ++at;
      if (at == word) ++at;  // a stray '='
      const std::string_view attribute = html_.substr(word, at - word);
      std::size_t sign = at;
      while (sign < html_.size() && is_blank(html_[sign])) ++sign;
      std::string_view value;
      bool plain = true;
      if (sign < html_.size() && html_[sign] == '=') {
        at = sign + 1;
        while (at < html_.size() && is_blank(html_[at])) ++at;
        const std::size_t from = at;
        if (at < html_.size() && (html_[at] == '"' || html_[at] == '\'')) {
          const std::size_t close = html_.find(html_[at], at + 1);
          if (close == std::string_view::npos) break;
          value = html_.substr(at + 1, close - at - 1);
          at = close + 1;
        } else {
          while (at < html_.size() && !is_blank(html_[at]) && html_[at] != '>') ++at;
          value = html_.substr(from, at - from);
          plain = value.find_first_of("\"'<`") == std::string_view::npos;
        }
      }
      if (!plain || !is_harmless_attribute(attribute, value)) {
        changed = true;
        continue;
      }
      // Means the same to a page, and no tag to whoever looks for one with less care.
      for (const char c : html_.substr(blanks, at - blanks)) {
        changed = changed || c == '<';
        c == '<' ? kept += "&lt;" : kept += c;
      }
    }
    if (!ended) {
      unended_ = true;  // and so are those behind it: each would be looked for to the end
      return escape();
    }
    if (is_taken_out(name) || !std::ranges::all_of(name, [](char c) {
          return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == ':';
        }))
      return without(name, closing, at);
    out_.append(changed ? std::string_view(kept) : html_.substr(at_, at - at_));
    at_ = at;
  }

  // The tag, and what it holds where that is code.
  void without(const std::string& name, bool closing, std::size_t after) {
    if (closing || !holds_code(name)) return leave_out(after);
    const std::string end = "</" + name;
    for (std::size_t at = html_.find("</", after); at != std::string_view::npos; at = html_.find("</", at + 2)) {
      if (!equals_ignoring_case(html_.substr(at, end.size()), end)) continue;
      const std::size_t close = html_.find('>', at);
      return leave_out(close == std::string_view::npos ? html_.size() : close + 1);
    }
    leave_out(html_.size());
  }

  const std::string_view html_;
  std::string out_;
  std::size_t at_ = 0;
  bool unended_ = false;  // a tag had no end
};

}  // namespace

std::string harmless_html(std::string_view html) {
  std::string out(html);
  if (html.find('<') == std::string_view::npos) return out;
  for (int pass = 0; pass < kPassesMax; ++pass) {
    std::string next = Pass(out).done();
    if (next == out) return out;
    out = std::move(next);
  }
  std::string text;  // whoever nests so deep gets a text
  for (const char c : out) c == '<' ? text += "&lt;" : text += c;
  return text;
}

}  // namespace pf::catalog
