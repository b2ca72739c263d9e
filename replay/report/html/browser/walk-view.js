// A walk as HTML. Runs twice, like option.js: for the page as it is stored, and in the page.

const asText = (text) =>
  String(text)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
const hexNumber = (value) => `0x${value.toString(16)}`;

/** `U 198.51.100.7`. */
function addressView(address, names) {
  return names[address] ? `<b>${asText(names[address])}</b> ${asText(address)}` : asText(address);
}

/** The slots in a row, the triangle under the one that the pointer names, or behind them all. */
function routeView({ kind, slots, pointer }, names) {
  const cells = slots.map((slot) => `<td>${addressView(slot, names)}</td>`);
  const marks = [...slots, ""].map((_, i) => `<td>${i === pointer ? "▲" : ""}</td>`);
  const where =
    pointer < slots.length ? `at ${names[slots[pointer]] ?? slots[pointer]}` : "past the end";
  return `<table class="route" aria-label="${kind}, pointer ${asText(where)}">
<tr><th scope="row">${kind}</th>${cells.join("")}<td class="end"></td></tr>
<tr class="marks"><th scope="row"><span class="unseen">pointer</span></th>${marks.join("")}</tr></table>`;
}

/** TCP and IP of one end; the layer nearest to the wire stands next to it. */
function hostView(host, layers, names, sends) {
  if (!layers)
    return `<div class="host"><h4>${host}</h4><p class="layer">nothing arrives at TCP</p></div>`;
  const { tcp, ip } = layers;
  const route = tcp.route.map((hop) => names[hop] ?? hop).join(", ") || "none";
  return `<div class="host"><h4>${host} ${sends ? "sends" : "receives"}</h4>
<div class="layer tcp"><b>TCP</b> <span class="state">${tcp.state}</span><br>
next to send ${hexNumber(tcp.sndNxt)}, next expected ${hexNumber(tcp.rcvNxt)}<br>route: ${asText(route)}</div>
<div class="layer ip"><b>IP</b><ul>${ip.notes.map((note) => `<li>${asText(note)}</li>`).join("")}</ul></div></div>`;
}

function bytesView(fields) {
  const rows = fields.map(({ offset, hex, meaning, layer }) => {
    const bytes = hex.match(/../g).join(" ");
    return `<tr class="${layer}"><td>${offset}</td><td><code>${bytes}</code></td><td>${layer}</td><td>${asText(meaning)}</td></tr>`;
  });
  return `<table class="bytes"><thead><tr><th scope="col">byte</th><th scope="col">hex</th><th scope="col">layer</th><th scope="col">meaning</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table>`;
}

function stepView(step, i, names) {
  const { label, sender, sending, receiving } = step;
  const receiver = sender === "client" ? "server" : "client";
  const from = hostView(sender, sending, names, true);
  const to = hostView(receiver, receiving, names, false);
  const arrow = sender === "client" ? "→" : "←";
  const [left, right] = sender === "client" ? [from, to] : [to, from];
  return `<article class="step" id="step-${i}" data-step="${i}"><h3>${i + 1}. ${label}: ${asText(names[step.from] ?? step.from)} → ${asText(names[step.to] ?? step.to)}, ${step.wire.length / 2} bytes</h3>
<div class="ends">${left}<div class="wire"><span class="arrow" aria-hidden="true">${arrow}</span>
${step.route ? routeView(step.route, names) : '<p class="plain">no option</p>'}</div>${right}</div>
<div class="scroll" tabindex="0" role="region" aria-label="bytes of ${label}">${bytesView(step.fields)}</div></article>`;
}

/** All steps of a walk, its addresses and what it comes to. */
function walkView(walk) {
  const { names, steps, between, choice } = walk;
  const parts = steps.flatMap((step, i) => [
    ...between
      .filter(({ after }) => after === i)
      .map(
        (other) =>
          `<p class="between">(${other.step.label} without data, ${other.step.wire.length / 2} bytes)</p>`,
      ),
    stepView(step, i, names),
  ]);
  const figure = choice.topology === "single" ? "Figure 1" : "Figure 2";
  const addresses = Object.keys(names).map((address) => addressView(address, names));
  return `<p class="caption">${figure}: ${choice.pin} path, client ${choice.client}${choice.twoPass ? ", two passes" : ""}. ${addresses.join(" &nbsp; ")}</p>
${parts.join("\n")}
<p class="verdict"><b>${asText(walk.verdict)}</b></p>`;
}
