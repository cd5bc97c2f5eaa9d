#include "api/small_list.h"

#include <doctest/doctest.h>

#include "gate/form.h"

using namespace pf;

namespace {

json::Value people() {
  return *json::parse(R"([
    {"id":"1","name":"Ann","role":"owner","orders":12,"active":true,"left_at":null,"tags":["a","b"]},
    {"id":"2","name":"Bob","role":"packer","orders":7,"active":false,"left_at":"2026-01-02T00:00:00Z","tags":[]},
    {"id":"3","name":"Cees Janssen","role":"packer","orders":100,"active":true,"left_at":null,"tags":["b"]}])");
}

Result<gate::Answer> asked(const std::string& query, json::Value items = people()) {
  const access::Actor nobody;
  http::Request request{.method = "GET", .path = "/api/v1/person", .query = query};
  gate::Call call{.actor = nobody, .request = request};
  call.query = *gate::decode_pairs(query);
  return api::small_list(call, std::move(items));
}

std::string ids(const std::string& query) {
  const auto answer = asked(query);
  REQUIRE_MESSAGE(answer.ok(), (answer.ok() ? query : answer.error().message));
  std::string out;
  for (const json::Value& one : *answer->body.find("data")->as_array()) out += *one.find("id")->as_string();
  return out;
}

}  // namespace

TEST_CASE("lists: a short list is asked as the long ones are") {
  CHECK(ids("") == "123");
  CHECK(ids("role[eq]=packer") == "23");
  CHECK(ids("role[neq]=packer") == "1");
  CHECK(ids("name[in]=Ann,bob") == "12");
  CHECK(ids("name[]=Ann&name[]=Bob") == "12");
  CHECK(ids("name[nin]=Ann,Bob") == "3");
  CHECK(ids("orders[gt]=12") == "3");
  CHECK(ids("orders[gte]=12") == "13");
  CHECK(ids("orders[lt]=12") == "2");
  CHECK(ids("orders[lte]=12") == "12");
  CHECK(ids("active[eq]=true") == "13");
  CHECK(ids("left_at[empty]=1") == "13");
  CHECK(ids("left_at[empty]=0") == "2");
  CHECK(ids("left_at[lt]=2026-02-01T00:00:00Z") == "2");
  CHECK(ids("name[like]=*janssen") == "3");
  CHECK(ids("name[like]=c*jan*") == "3");
  CHECK(ids("name[like]=bo*x") == "");
  CHECK(ids("name[like]=ann") == "1");
  CHECK(ids("tags[eq]=b") == "13");
  CHECK(ids("q=packer+jan") == "3");
  CHECK(ids("sort=-orders") == "312");
  CHECK(ids("sort=role,-name") == "132");
}

TEST_CASE("lists: a short list is whole unless a page is asked for, and its pages lead on") {
  const auto whole = asked("");
  CHECK(*whole->body.find("meta")->find("total")->as_int() == 3);
  CHECK(whole->body.find("meta")->find("next_cursor")->is_null());
  CHECK(ids("per_page=2") == "12");
  CHECK(ids("per_page=2&page=2") == "3");
  const auto first = asked("per_page=2&sort=-id");
  CHECK(*first->body.find("links")->find("next")->as_string() == "/api/v1/person?per_page=2&sort=-id&page=2");
  const std::string cursor = *first->body.find("meta")->find("next_cursor")->as_string();
  CHECK(ids("per_page=2&sort=-id&cursor=" + cursor) == "1");
  const auto some = asked("fields=id,role");
  CHECK(some->body.find("data")->as_array()->front().as_object()->size() == 2);
}

TEST_CASE("lists: what a short list does not know is refused by name") {
  for (const char* query : {"role[direct]=packer", "role[ndirect]=packer", "role[direct_or_empty]=packer"})
    CHECK(asked(query).error().faults.front().code == "operator");
  for (const char* query : {"nonsense[eq]=1", "name[xx]=1", "sort=nonsense", "fields=nonsense", "per_page=0",
                            "per_page=201", "page=0", "cursor=nonsense", "nonsense=1", "left_at[empty]=2"})
    CHECK_MESSAGE(asked(query).error().code == ErrorCode::invalid, query);
  CHECK(asked("anything[eq]=1", json::Value::array()).ok());
}
