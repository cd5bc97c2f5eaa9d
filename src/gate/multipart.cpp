#include "gate/multipart.h"

#include "productflow/text.h"

namespace pf::gate {
namespace {

// The value of `name="..."` or name=... among the parameters of a header.
std::optional<std::string> parameter(std::string_view header, std::string_view name) {
  for (std::size_t at = header.find(';'); at != std::string_view::npos;) {
    std::string_view rest = trim(header.substr(at + 1));
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const bool wanted = equals_ignoring_case(trim(rest.substr(0, equals)), name);
    rest.remove_prefix(equals + 1);
    std::string value;
    if (rest.starts_with('"')) {
      std::size_t i = 1;
      for (; i < rest.size() && rest[i] != '"'; ++i) {
        if (rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\')) ++i;
        value.push_back(rest[i]);
      }
      rest.remove_prefix(std::min(i + 1, rest.size()));
    } else {
      value = trim(rest.substr(0, rest.find(';')));
      rest.remove_prefix(std::min(rest.find(';'), rest.size()));
    }
    if (wanted) return value;
    const std::size_t next = rest.find(';');
    if (next == std::string_view::npos) return std::nullopt;
    header = rest;
    at = next;
  }
  return std::nullopt;
}

}  // namespace

Result<Multipart> Multipart::open(const http::Request& request) {
  const std::string* type = http::find_header(request.headers, "content-type");
  const auto boundary = type != nullptr && lower_ascii(*type).starts_with("multipart/form-data")
                            ? parameter(*type, "boundary")
                            : std::nullopt;
  if (!boundary || boundary->empty() || boundary->size() > 70)  // RFC 2046 section 5.1.1
    return error(ErrorCode::unsupported, "Please send the file as multipart/form-data with a boundary.");
  return Multipart("\r\n--" + *boundary, request.body, request.body_source);
}

Error Multipart::cut_off() const {
  return error(ErrorCode::invalid, "The upload ended before it was complete. Please send it again.");
}

Result<bool> Multipart::fill() {
  if (ended_) return false;
  PF_LET(const std::string piece, source_());
  if (piece.empty()) ended_ = true;
  buffer_ += piece;
  return !piece.empty();
}

Result<std::optional<Part>> Multipart::next() {
  if (finished_) return std::optional<Part>{};
  while (in_part_) {
    PF_LET(const std::string skipped, read());
    if (skipped.empty()) break;
  }
  // The delimiter stands at the front now, or, before the first part, after a preamble.
  std::size_t at;
  while ((at = buffer_.find(delimiter_)) == std::string::npos || buffer_.size() < at + delimiter_.size() + 2) {
    if (at == std::string::npos && buffer_.size() > kPartHeadBytesMax) return cut_off();
    PF_LET(const bool more, fill());
    if (!more) return cut_off();
  }
  buffer_.erase(0, at + delimiter_.size());
  if (buffer_.starts_with("--")) {
    finished_ = true;
    return std::optional<Part>{};
  }
  if (++parts_ > kPartsMax) return error(ErrorCode::too_large, "The form has more than 100 parts.");
  std::size_t end;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (buffer_.size() > kPartHeadBytesMax)
      return error(ErrorCode::too_large, "A part of the form has a head larger than 8 KiB.");
    PF_LET(const bool more, fill());
    if (!more) return cut_off();
  }
  Part part;
  for (std::string_view line : split(std::string_view(buffer_).substr(0, end), '\n')) {
    line = trim(line);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view value = trim(line.substr(colon + 1));
    if (equals_ignoring_case(line.substr(0, colon), "content-disposition")) {
      part.name = parameter(value, "name").value_or("");
      part.filename = parameter(value, "filename").value_or("");
    } else if (equals_ignoring_case(line.substr(0, colon), "content-type")) {
      part.content_type = value;
    }
  }
  buffer_.erase(0, end + 4);
  if (first_bad_utf8(part.filename)) part.filename.clear();
  in_part_ = true;
  return std::optional<Part>(std::move(part));
}

Result<std::string> Multipart::read() {
  if (!in_part_) return std::string();
  for (;;) {
    const std::size_t at = buffer_.find(delimiter_);
    if (at != std::string::npos) {
      std::string piece = buffer_.substr(0, at);
      buffer_.erase(0, at);
      if (piece.empty()) in_part_ = false;
      return piece;
    }
    // All but what could be the beginning of a delimiter belongs to the part.
    if (buffer_.size() > delimiter_.size()) {
      std::string piece = buffer_.substr(0, buffer_.size() - delimiter_.size());
      buffer_.erase(0, piece.size());
      return piece;
    }
    PF_LET(const bool more, fill());
    if (!more) return cut_off();
  }
}

Result<std::string> Multipart::read_all(std::size_t bytes_max) {
  std::string all;
  for (;;) {
    PF_LET(const std::string piece, read());
    if (piece.empty()) return all;
    if (all.size() + piece.size() > bytes_max)
      return error(ErrorCode::too_large, "A field of the form is larger than " + std::to_string(bytes_max) + " bytes.");
    all += piece;
  }
}

}  // namespace pf::gate
