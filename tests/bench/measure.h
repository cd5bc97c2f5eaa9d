// The measurements, each of which adds its rows to the table. Every one of them asks the real executable over TLS.
#pragma once

#include <filesystem>
#include <functional>
#include <map>

#include "appliance.h"
#include "rows.h"
#include "table.h"

namespace pf::bench {

struct Plan {
  std::filesystem::path executable, folder;  // the folder is on the disk that is measured
  std::chrono::milliseconds time{3'000};     // of each load
  int rounds = 3;                            // of what is compared: the best of each counts, turn by turn
  std::size_t few = 10'000, many = 100'000;  // products
  std::size_t questions = 400;               // of each kind, for percentiles
  std::uint64_t orders = 0;                  // in the store when lists of orders are measured
};

// An appliance with a shop that is measured.
struct Shop {
  std::filesystem::path data;
  std::string token{};
  std::uint64_t products = 0;               // numbered from 0
  std::map<std::string, double> grid_ms{};  // of a question at the fewest products, p50
};

inline constexpr std::size_t kPieceBytes = 256u << 10;  // of an upload, at a time
struct Imported {
  double seconds = 0;  // from the first byte sent to the job's end
  json::Value counts{};
};
// Imports one file, which `piece` gives piece by piece; an empty one is its end.
Result<Imported> import_file(const Appliance& appliance, const Shop& shop, const std::string& kind,
                             const std::function<std::string()>& piece, const std::string& mode = "upsert");

// `many` products of short texts, into a shop of their own.
Result<> measure_short_texts(const Plan& plan, Table& table);
Result<> measure_size_and_idle(const Plan& plan, Table& table);
// Fills the shop up to `products` by the real import, from a file of 40 columns, and then sends the same file again.
Result<> measure_import(const Plan& plan, Table& table, const Appliance& appliance, Shop& shop, std::size_t products,
                        Texts texts = Texts::three_languages);
Result<> measure_reads(const Plan& plan, Table& table, const Appliance& appliance, const Shop& shop);
// Twenty questions to the product list; the second time beside the first, at fewer products.
Result<> measure_grid(const Plan& plan, Table& table, const Appliance& appliance, Shop& shop);
Result<> measure_orders(const Plan& plan, Table& table, const Appliance& appliance, const Shop& shop);
// Fills the shop with that many orders of ten years by the real import.
Result<> measure_order_import(const Plan& plan, Table& table, const Appliance& appliance, const Shop& shop);
// What people ask of their orders all day.
Result<> measure_order_lists(const Plan& plan, Table& table, const Appliance& appliance, const Shop& shop);
// Every format: `many` products into files and a feed, up to 100,000 of them from files. A shop of its own.
Result<> measure_files(const Plan& plan, Table& table);
Result<> measure_cold_start(const Plan& plan, Table& table, const Shop& shop);

}  // namespace pf::bench
