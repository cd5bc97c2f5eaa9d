// Hosts, hooks and deliveries as they are stored. Only for this room.
#pragma once

#include "json/json.h"
#include "productflow/result.h"
#include "webhooks/webhook.h"

namespace pf::webhooks {

std::string record_of(const Host& host);
std::string record_of(const Hook& hook);
std::string record_of(const Delivery& delivery);
Result<Host> host_of_record(std::string_view place, std::string_view record);
Result<Hook> hook_of_record(std::string_view id, std::string_view record);
Result<Delivery> delivery_of_record(std::uint64_t number, std::string_view record);
std::string record_of_number(std::uint64_t number);  // be64

std::string object_name(std::string_view id);                  // "webhook:...", in the audit log
inline constexpr std::string_view kTestType = "webhook.test";  // of a delivery that tells no event

}  // namespace pf::webhooks
