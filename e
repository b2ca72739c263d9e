anypin flows: interrupted; this is what was read until then
