#include "ui/ui.h"

#include <brotli/decode.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "http/negotiation.h"

// pages.bin, made by src/ui/build: brotli streams one after another, never on disk at run time.
asm(".section .rodata\n"
    ".balign 16\n"
    "pf_ui_pages:\n"
    ".incbin \"" PF_UI_PAGES_BIN
    "\"\n"
    ".previous\n");
extern "C" const char pf_ui_pages[];

namespace pf::ui {
namespace {

struct File {
  std::string_view path, content_type, etag;
  std::size_t at, packed_bytes, bytes;
  bool hashed_name;
};
constexpr File kFiles[] = {
#include "pages.inc"
};

constexpr std::array<std::string_view, 22> kPages{
    "",        "products",  "bulk-edits", "model",   "rules",   "tasks",   "drafts", "orders",
    "returns", "warehouse", "invoices",   "reports", "imports", "exports", "vault",  "audit",
    "people",  "join",      "settings",   "setup",   "references", "assets"};

const File* file_at(std::string_view path) {
  const auto found = std::ranges::find(kFiles, path, &File::path);
  return found == std::end(kFiles) ? nullptr : &*found;
}

std::string_view packed(const File& file) {
  return {pf_ui_pages + file.at, file.packed_bytes};
}

// For clients without brotli: scripts and old tools; browsers have had it for years.
std::string unpacked(const File& file) {
  std::string out(file.bytes, '\0');
  std::size_t size = out.size();
  const std::string_view in = packed(file);
  const auto done = BrotliDecoderDecompress(in.size(), reinterpret_cast<const std::uint8_t*>(in.data()), &size,
                                            reinterpret_cast<std::uint8_t*>(out.data()));
  out.resize(done == BROTLI_DECODER_RESULT_SUCCESS ? size : 0);
  return out;
}

}  // namespace

bool is_page(std::string_view path) {
  if (path.empty() || path.front() != '/') return false;
  const std::string_view first = path.substr(1, path.find('/', 1) == path.npos ? path.npos : path.find('/', 1) - 1);
  return std::ranges::find(kPages, first) != kPages.end();
}

http::Response page(const http::Request& request) {
  if (request.method != "GET" && request.method != "HEAD")
    return {.status = 405,
            .headers = {{"allow", "GET, HEAD"}, {"content-type", "text/plain; charset=utf-8"}},
            .body = "Pages are only read; the API is below /api/v1.\n"};
  const File* file = file_at(request.path);
  const bool known = file != nullptr || is_page(request.path);
  if (file == nullptr) {
    // A missing script or picture is not a page: drawing one would hide the fault.
    if (!known && request.path.find('.', request.path.rfind('/')) != std::string::npos)
      return {.status = 404,
              .headers = {{"content-type", "text/plain; charset=utf-8"}},
              .body = "There is no such file here.\n"};
    file = file_at("/index.html");
  }
  http::Response response{
      .status = known ? 200 : 404,
      .headers = {{"content-type", std::string(file->content_type)},
                  {"etag", std::string(file->etag)},
                  {"vary", "accept-encoding"},
                  {"cache-control", file->hashed_name ? "public, max-age=31536000, immutable" : "no-cache"}}};
  const auto said = [&](const char* name) {
    const std::string* value = http::find_header(request.headers, name);
    return value != nullptr ? std::string_view(*value) : std::string_view();
  };
  if (known && http::names_etag(said("if-none-match"), file->etag)) {
    response.status = 304;
    return response;
  }
  if (http::takes_coding(said("accept-encoding"), "br")) {
    response.headers.emplace_back("content-encoding", "br");
    response.body = packed(*file);
  } else {
    response.body = unpacked(*file);
  }
  return response;
}

}  // namespace pf::ui
