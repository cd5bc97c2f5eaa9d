// What a change makes of a product: pure rules, no storage.
#pragma once

#include <string>

#include "catalog/product.h"
#include "catalog/record.h"

namespace pf::catalog {

// The product after `change`; `before` is null for a new one. `locale` is the locale of the call's texts.
// WriteMode::replace clears what the change does not name: the common fields, and the texts of `locale` (those of every
// locale when the change has `texts`). Every fault at once. Whether parent and uploads exist is the caller's to look
// up; what it has `wrong` counts.
Result<Record> apply(const Record* before, const Sku& sku, const ProductChange& change, WriteMode mode,
                     const std::string& locale, const std::string& default_locale);
// The same where more is to be looked at: the product without what is wrong, which `faults` get.
Record applied(const Record* before, const Sku& sku, const ProductChange& change, WriteMode mode,
               const std::string& locale, const std::string& default_locale, std::vector<FieldFault>& faults);

// What became of each of `change.more_images`, where `after` is what the change made.
std::vector<AddedImage> added_images(const Record* before, const Record& after, const ProductChange& change);

// `more` behind `faults`, but for fields that an earlier step found wrong already.
void add_faults(std::vector<FieldFault>& faults, std::vector<FieldFault> more);
// One error of them all. REQUIRES: some.
Error invalid_for(std::vector<FieldFault> faults);

// RFC 7396.
void merge_patch(json::Value& target, const json::Value& patch);

// `error` with more faults, and the message that fits them all.
Error with_faults(Error error, std::vector<FieldFault> more);

// Names of the fields that differ: "title@nl-NL", "brand", "attributes.color".
std::vector<std::string> changed_fields(const Record* before, const Record& after);

}  // namespace pf::catalog
