// Writes products in a channel's format (channel_format.h), piece by piece; memory is that of one product. One thread.
#pragma once

#include "exchange/channel_format.h"
#include "exchange/exporter.h"
#include "exchange/listing.h"

namespace pf::exchange {

// What one product comes to: a text for each column, and what is wrong with them by the format.
struct ChannelRow {
  std::vector<std::string> cells{};
  std::vector<FieldFault> faults{};  // fields are columns
};
// The languages that its columns name (Walk::locales).
std::vector<std::string> locales_of(const ChannelFormat& format);
ChannelRow channel_row(const ChannelFormat& format, const Listing& listing, const Listed& product);

class ChannelFile {
 public:
  // `title` and `link` are of the shop, for formats that name it.
  ChannelFile(const ChannelFormat& format, std::string title, std::string link, const ExportSink& sink)
      : format_(format), title_(std::move(title)), link_(std::move(link)), sink_(sink) {}
  Result<> begin();
  Result<> row(const std::vector<std::string>& cells);  // in the order of the columns
  Result<> end();

 private:
  void write_elements(const std::vector<std::string>& cells);
  void write_object(const std::vector<std::string>& cells);
  Result<> send_if_large();
  Result<> send();
  const ChannelFormat& format_;
  const std::string title_, link_;
  const ExportSink& sink_;
  std::string buffer_{};
};

}  // namespace pf::exchange
