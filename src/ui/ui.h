// The web interface: pages and their files, embedded compressed in the executable. Every address of the application
// answers with the same page, which draws what the address names. Pure, any thread.
#pragma once

#include "http/message.h"

namespace pf::ui {

// Answers GET and HEAD of pages and their files; 404 as a page for addresses that the application does not have, 405
// for other methods. Files with a hash in their name may be kept for good, the page itself is asked for anew.
http::Response page(const http::Request& request);

// First words of the application's addresses: "products" of /products/A-1. web/pages.ts has a page for each.
bool is_page(std::string_view path);

}  // namespace pf::ui
