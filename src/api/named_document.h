// A document of one's own that is put under the name in its address. Only for the files of such rows.
#pragma once

#include "api/rows.h"

namespace pf::api {

// The body with the address's name in it; invalid when it is no object, or says another name.
inline Result<json::Value> named_document(const Call& call) {
  json::Value document = call.body;
  if (document.as_object() == nullptr) return invalid("format", "type", "Send the description of the format as JSON.");
  if (const auto* name = document.find("name");
      name != nullptr && name->as_string() != nullptr && *name->as_string() != call.path_value("name"))
    return invalid("name", "conflict", "The address names another format than the description does.");
  document.set("name", call.path_value("name"));
  return document;
}

}  // namespace pf::api
