#include "gate/list.h"

#include <doctest/doctest.h>

#include "gate/form.h"

using namespace pf;

namespace {

const gate::ListRules kOrders{{"status", "channel", "created_at"}, {"created_at", "id"}, {"include"}};

struct Asked {
  http::Request request{};
  access::Actor actor = access::system_actor();
  gate::Call call{.actor = actor, .request = request};
  explicit Asked(std::string query) {
    request.path = "/api/v1/order";
    request.query = std::move(query);
    call.query = *gate::decode_pairs(request.query);
  }
};

gate::ListQuestion question(std::string query, const gate::ListRules& rules = kOrders) {
  const Asked asked(std::move(query));
  const auto out = gate::list_question(asked.call, rules);
  REQUIRE_MESSAGE(out.ok(), asked.request.query);
  return *out;
}
std::string faults(std::string query) {
  const Asked asked(std::move(query));
  const auto out = gate::list_question(asked.call, kOrders);
  std::string fields;
  if (!out.ok())
    for (const auto& fault : out.error().faults) fields += fault.field + ":" + fault.code + " ";
  return fields;
}
}  // namespace

TEST_CASE("gate: a list's address is read as page, filters and order") {
  const auto q = question(
      "q=blue%20shirt&page=3&per_page=50&status[]=open&status[]=accepted&created_at[gte]=2026-01-01&sort=-created_at,"
      "id&include=lines");
  CHECK(q.text == "blue shirt");
  CHECK(q.offset() == 100);
  REQUIRE(q.where.size() == 2);
  CHECK(q.where[0].op == Operator::in);
  CHECK(q.where[0].values == std::vector<std::string>{"open", "accepted"});
  CHECK(q.where[1].op == Operator::gte);
  REQUIRE(q.sort.size() == 2);
  CHECK((q.sort[0].column == "created_at" && q.sort[0].descending));
  CHECK((q.sort[1].column == "id" && !q.sort[1].descending));
  CHECK(question("sort[]=-id&sort[1]=created_at").sort.size() == 2);
  CHECK(question("status[in]=open,accepted").where[0].values.size() == 2);
  CHECK(question("").per_page == 15);
  CHECK(question("page=7&cursor=abc").page == 1);
  CHECK(question("color[eq]=blue", {}).where[0].column == "color");  // a list whose columns are data
}

TEST_CASE("gate: every fault of a list's address is named at once") {
  CHECK(faults("page=0&per_page=201&nonsense=1&brand[eq]=x&status[is]=x&sort=total") ==
        "page:range per_page:range nonsense:unknown brand[eq]:unknown status[is]:operator sort:unknown ");
  CHECK(faults("page=99999999999999999999") == "page:range ");
  CHECK(faults("page=-1") == "page:range ");
  CHECK(faults("status[empty]=perhaps") == "status[empty]:value ");
  std::string many;
  for (int i = 0; i < 60; ++i) many += "status[eq]=a&";
  CHECK(faults(many).starts_with("status[eq]:many "));
}
