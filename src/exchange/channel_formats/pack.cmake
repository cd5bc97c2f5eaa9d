# cmake -DOUT=file -DDOCUMENTS=a.json;b.json -P pack.cmake: the documents as C++ string literals, a comma behind each.
file(WRITE "${OUT}.new" "")
foreach(document IN LISTS DOCUMENTS)
  file(READ "${document}" text)
  file(APPEND "${OUT}.new" "R\"~~(${text})~~\",\n")
endforeach()
file(RENAME "${OUT}.new" "${OUT}")
