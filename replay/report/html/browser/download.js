// What a figure gives away: its picture as SVG, its numbers as CSV.

/** Hands `text` to the user as a file. */
function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** A drawing as an SVG file that stands alone: title and legend in it, `colorOf` each CSS variable. */
function svgFile(drawing, width, height, title, shown, colorOf) {
  const inner = drawing.replace(/^<svg [^>]*>/, (tag) => tag.replace(/^<svg /, '<svg y="52" '));
  const asEntity = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const step = width / Math.max(1, shown.length);
  const keys = shown.map(
    ({ name, color }, i) =>
      `<g transform="translate(${12 + i * step},40)"><path d="M0 -4h22" stroke="var(--s${color % 8})" stroke-width="3"/><text x="28" fill="var(--ink)">${asEntity(name)}</text></g>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + 52}" viewBox="0 0 ${width} ${height + 52}" font-family="sans-serif" font-size="12">
<title>${asEntity(title)}</title><rect width="100%" height="100%" fill="var(--paper)"/><text x="12" y="20" font-size="15" fill="var(--ink)">${asEntity(title)}</text>
${keys.join("\n")}
${inner}
</svg>
`;
  return svg.replace(/var\((--[a-z0-9]+)\)/g, (_, name) => colorOf(name));
}

/** One row a bin or point; columns x (or from, to) and a column for each series. */
function csvFile(mode) {
  const cell = (text) => (/[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const rows = [["series", "x", ...(mode.shape === "steps" ? ["to"] : []), "y"]];
  for (const series of mode.series) {
    const x = series.x ?? mode.x ?? [];
    series.y.forEach((y, i) => {
      const to = mode.shape === "steps" ? [String(x[i + 1])] : [];
      rows.push([cell(series.name), String(x[i]), ...to, String(y)]);
    });
  }
  return `${rows.map((row) => row.join(",")).join("\n")}\n`;
}
