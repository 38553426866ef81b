#include "peers.h"
#include <simdjson.h>

static simdjson::padded_string document;
static simdjson::dom::parser parser;

void peer_json_open(const uint8_t *bytes, size_t count) {
  document = simdjson::padded_string(reinterpret_cast<const char *>(bytes), count);
}

size_t peer_json_loop(int reads_fields, int count) {
  size_t total = 0;
  for (int i = 0; i < count; i++) {
    simdjson::dom::element root;
    if (parser.parse(document).get(root)) return 0;
    if (!reads_fields) {
      total++;
      continue;
    }
    simdjson::dom::object message;
    if (root["message"].get(message)) return 0;
    for (auto field : message) {
      std::string_view text;
      if (!field.value.get(text)) total += text.size();
    }
  }
  return total;
}
