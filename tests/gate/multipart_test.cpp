#include "gate/multipart.h"

#include <doctest/doctest.h>

using namespace pf;

namespace {

// The body in pieces of `step` bytes, as a slow network brings it.
http::Request upload(std::string body, std::size_t step, std::string type = "multipart/form-data; boundary=XX") {
  http::Request request{.method = "POST", .headers = {{"content-type", std::move(type)}}};
  if (step == 0) {
    request.body = std::move(body);
    return request;
  }
  request.body_source = [body = std::move(body), at = std::size_t{0}, step]() mutable -> Result<std::string> {
    std::string piece = body.substr(std::min(at, body.size()), step);
    at += step;
    return piece;
  };
  return request;
}

// "name|filename|type|content;" for each part, or the error's message.
std::string parts_of(const http::Request& request) {
  auto form = gate::Multipart::open(request);
  if (!form.ok()) return "refused: " + form.error().message;
  std::string out;
  for (;;) {
    auto part = form->next();
    if (!part.ok()) return "refused: " + part.error().message;
    if (!*part) return out;
    auto content = form->read_all(1u << 20);
    if (!content.ok()) return "refused: " + content.error().message;
    out += (*part)->name + "|" + (*part)->filename + "|" + (*part)->content_type + "|" + *content + ";";
  }
}

const std::string kForm =
    "preamble\r\n--XX\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nproduct\r\n"
    "--XX\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\";c.csv\"\r\nContent-Type: "
    "text/csv\r\n\r\nsku,title\r\n1,\r\n--X\r\n\r\n"
    "--XX\r\nContent-Disposition: form-data; name=empty\r\n\r\n\r\n--XX--\r\nepilogue";

}  // namespace

TEST_CASE("gate: an upload's parts are the same however the network cuts them") {
  const std::string wanted = "kind|||product;file|a \"b\";c.csv|text/csv|sku,title\r\n1,\r\n--X\r\n;empty|||;";
  for (std::size_t step = 0; step < 80; ++step) CHECK_MESSAGE(parts_of(upload(kForm, step)) == wanted, step);
}

TEST_CASE("gate: a part that nobody reads is skipped") {
  auto form = *gate::Multipart::open(upload(kForm, 7));
  CHECK((*form.next())->name == "kind");
  CHECK((*form.next())->name == "file");
  CHECK((*form.next())->name == "empty");
  CHECK_FALSE(form.next()->has_value());
  CHECK_FALSE(form.next()->has_value());
}

TEST_CASE("gate: broken and hostile uploads are refused in bounded memory") {
  for (const char* type : {"multipart/form-data", "multipart/form-data; boundary=", "text/plain; boundary=XX",
                           "multipart/mixed; boundary=XX"})
    CHECK_MESSAGE(parts_of(upload(kForm, 0, type)).starts_with("refused: "), type);
  CHECK(parts_of(upload(kForm, 0, "multipart/form-data; boundary=" + std::string(100, 'x'))).starts_with("refused: "));
  for (std::size_t cut = 0; cut + 12 < kForm.size(); ++cut)  // every truncation before the end is noticed
    CHECK_MESSAGE(parts_of(upload(kForm.substr(0, cut), 5)).starts_with("refused: "), cut);
  CHECK(parts_of(upload("--XX\r\nContent-Disposition: form-data; name=\"" + std::string(20'000, 'n') +
                            "\"\r\n\r\nx\r\n--XX--",
                        1'000))
            .starts_with("refused: "));
  std::string many;
  for (int i = 0; i < 200; ++i) many += "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n";
  CHECK(parts_of(upload(many + "--XX--", 0)).starts_with("refused: "));
  CHECK(parts_of(upload("--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\xff\"\r\n\r\nx\r\n--XX--",
                        0)) == "f|||x;");
  CHECK(parts_of(upload("no boundary at all " + std::string(100'000, 'x'), 4'096)).starts_with("refused: "));
}

TEST_CASE("gate: an upload whose network breaks says so") {
  http::Request request = upload("", 1);
  request.body_source = [pieces = 0]() mutable -> Result<std::string> {
    if (++pieces == 1) return std::string("--XX\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\nabc");
    return error(ErrorCode::unavailable, "The upload stopped.");
  };
  CHECK(parts_of(request) == "refused: The upload stopped.");
}
