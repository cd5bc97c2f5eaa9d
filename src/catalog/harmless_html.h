// HTML of strangers that is handed on to the pages of shops: without what such a page would run. Pure function, any
// thread.
#pragma once

#include <string>
#include <string_view>

namespace pf::catalog {

// Takes out scripts, styles, frames, plug-ins, forms and pictures that hold scripts (SVG); attributes that run
// something (onclick, srcdoc); addresses of other kinds than http, https, mailto, tel and, of pictures, data:image.
// Everything else stays byte for byte (but for a < in an attribute's value); a tag without an end becomes text. What
// comes out, put in again, stays so.
std::string harmless_html(std::string_view html);

}  // namespace pf::catalog
