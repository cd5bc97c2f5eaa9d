#include <fmt/core.h>

#include "load.h"
#include "machine.h"
#include "measure.h"
#include "productflow/text.h"
#include "rows.h"

namespace pf::bench {
namespace {

struct Compared {
  double per_second = 0, cpu_microseconds = 0, p99 = 0;
};

Compared better(const Compared& a, const LoadFigures& figures, double cpu_seconds) {
  const Compared b{figures.per_second(), cpu_seconds / static_cast<double>(figures.answers) * 1e6,
                   figures.percentile(99)};
  return b.per_second > a.per_second ? b : a;
}

}  // namespace

Result<> measure_reads(const Plan& plan, Table& table, const Appliance& appliance, const Shop& shop) {
  Load product{.port = appliance.port(), .ca = appliance.ca(), .time = plan.time};
  const std::uint64_t products = shop.products;
  product.request_of = [&](std::uint64_t n) {
    return request_bytes("GET", "/api/v1/product/" + sku_of(n * 7'919 % products), shop.token);
  };
  Load once = product;
  once.requests_max = 1;
  PF_LET(const auto sample, run_checked(once));
  const std::string body = sample.last_body;
  PF_LET(const auto hello,
         HelloServer::start(shop.data / "tls" / "server.pem", shop.data / "tls" / "server.key", body));
  Load bare = product;
  bare.port = hello.port();

  table.heading(fmt::format("Read a product by SKU: TLS, {} kept connections, {} bytes a body", product.connections,
                            body.size()));
  Compared ours, theirs;
  for (int round = 0; round < plan.rounds; ++round) {  // turn by turn, because the machine is not always as fast
    double before = appliance.figures().cpu_seconds;
    PF_LET(const auto read, run_checked(product));
    ours = better(ours, read, appliance.figures().cpu_seconds - before);
    before = figures_of(hello.process()).cpu_seconds;
    PF_LET(const auto greeted, run_checked(bare));
    theirs = better(theirs, greeted, figures_of(hello.process()).cpu_seconds - before);
  }
  table.row({"reads by SKU", whole(ours.per_second) + " /s",
             "bare cpp-httplib hello: " + whole(theirs.per_second) + " /s", percent(ours.per_second, theirs.per_second),
             "80 % of hello"});
  table.row({"  p99", decimals(ours.p99, 2) + " ms", "hello: " + decimals(theirs.p99, 2) + " ms"});
  table.row({"  processor time of the server", decimals(ours.cpu_microseconds, 1) + " us/read",
             "hello: " + decimals(theirs.cpu_microseconds, 1) + " us",
             percent(theirs.cpu_microseconds, ours.cpu_microseconds)});
  return {};
}

}  // namespace pf::bench
