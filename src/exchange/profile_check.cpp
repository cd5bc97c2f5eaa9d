#include "exchange/profile_check.h"

#include <algorithm>
#include <map>

#include "exchange/channel_file.h"

namespace pf::exchange {
namespace {

constexpr std::string_view kCheckedEnough = "enough products were looked at";  // ends the walk; told to nobody

bool names_field(const ChannelFormat& format, std::string_view field) {
  return std::ranges::any_of(format.columns, [&](const FormatColumn& column) {
    return std::ranges::find(column.from.columns(), field) != column.from.columns().end();
  });
}

}  // namespace

Result<ProfileCheck> check_profile(const Profiles& profiles, const Profile& profile) {
  ProfileCheck out;
  const Rooms& rooms = profiles.rooms();
  Walk walk = Profiles::walk_of(profile);
  std::optional<ChannelFormat> format;
  {
    const auto read = rooms.store.read();
    catalog::ProductQuery question = walk.question;
    question.count = 1;
    question.skus_only = true;
    PF_LET(const auto page, rooms.products.list(read, question));
    out.total = page.total;
    PF_LET(format, profiles.format_of(read, profile));
  }
  if (!format) return out;  // a whole export asks nothing of its products
  walk.locales = locales_of(*format);
  if (profile.link.empty() && names_field(*format, "link"))
    out.advice.push_back({"link", "required", "Say where the shop shows a product: https://shop.example/p/{sku}"});
  bool kept_here = false;
  std::map<std::pair<std::string, std::string>, ProfileCheck::Fault> faults;
  const auto walked = each_listed(
      rooms, walk, Profiles::terms_of(profile), [&](const Listing& listing, const Listed& product) -> Result<> {
        if (out.checked >= kCheckedMax) {
          out.whole = false;
          return error(ErrorCode::too_many, std::string(kCheckedEnough));
        }
        ++out.checked;
        kept_here = kept_here || std::ranges::any_of(product.record.images, [](const std::string& image) {
                      return image.starts_with("asset:");
                    });
        const ChannelRow row = channel_row(*format, listing, product);
        out.faulty += !row.faults.empty();
        for (const FieldFault& fault : row.faults) {
          if (faults.size() >= kCheckFaultsMax && !faults.contains({fault.field, fault.code})) continue;
          auto& known = faults[{fault.field, fault.code}];
          if (known.products++ == 0) {
            known.column = fault.field;
            known.code = fault.code;
            known.message = fault.message;
          }
          if (known.skus.size() < kCheckSkus) known.skus.push_back(product.record.sku);
        }
        if (out.samples.size() < kCheckSamples && (row.faults.empty() || profile.with_faulty)) {
          auto& sample = out.samples.emplace_back();
          for (std::size_t i = 0; i < row.cells.size(); ++i)
            if (!row.cells[i].empty()) sample.emplace_back(format->columns[i].name, row.cells[i]);
        }
        return {};
      });
  if (!walked.ok() && walked.error().message != kCheckedEnough) return walked.error();
  if (kept_here && profile.public_address.empty() && (names_field(*format, "image") || names_field(*format, "images")))
    out.advice.push_back({"public_address", "required",
                          "Some pictures are kept here. Say where this appliance is reached from outside, or they are "
                          "left out."});
  for (auto& [ignored, fault] : faults) out.faults.push_back(std::move(fault));
  std::ranges::stable_sort(out.faults, std::greater<>(), &ProfileCheck::Fault::products);
  return out;
}

}  // namespace pf::exchange
