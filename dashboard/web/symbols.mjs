// Draws one SVG for each kind of site: by milsymbol where the kind has an APP-6 code, else simply.
// Run by the build hook: node symbols.mjs KINDS.json FOLDER. The site lies in the middle of each picture.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ms from "milsymbol";

/** Fill of neutral frames in the light colours of milsymbol. */
const NEUTRAL = "rgb(170,255,170)";

const house = (x, y, size) =>
  `<path d="M${x - size},${y}L${x},${y - size}L${x + size},${y}V${y + size}H${x - size}Z" ` +
  'fill="black"/>';

/** What stands inside the neutral frame of a kind that APP-6 does not know. */
const PLAIN = {
  town: house(-17, 8, 12) + house(17, 8, 12) + house(0, -12, 13),
  village: house(0, 3, 18),
  other: '<circle r="9" fill="black"/>',
};

function plain(kind) {
  const inside = PLAIN[kind];
  if (inside === undefined) {
    throw new Error(`data/symbols.csv: ${kind} has no sidc, and symbols.mjs does not draw it`);
  }
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="-50 -50 100 100">' +
    `<rect x="-41" y="-41" width="82" height="82" fill="${NEUTRAL}" stroke="black" ` +
    `stroke-width="5"/>${inside}</svg>`
  );
}

/** milsymbol's picture, its box enlarged so that the site lies in the middle. */
function standard(kind, sidc) {
  const symbol = new ms.Symbol(sidc, {
    hqStaffLength: 55,
    infoFields: false,
    size: 40,
    strokeWidth: 5,
  });
  if (!symbol.isValid()) {
    throw new Error(`data/symbols.csv: ${kind}: milsymbol does not know the code ${sidc}`);
  }
  const svg = symbol
    .asSVG()
    .replaceAll('font-family="Arial"', 'font-family="IBM Plex Sans, sans-serif"')
    // Control measures are bare lines, which nobody could read on a map.
    .replaceAll('fill="none"', sidc.slice(4, 6) === "25" ? 'fill="white"' : 'fill="none"');
  // milsymbol puts the site, be it the middle of a frame or the tip of a point, at (100, 100).
  const [x, y, width, height] = svg.match(/viewBox="([^"]+)"/)[1].split(/\s+/).map(Number);
  const halfX = Math.max(100 - x, x + width - 100);
  const halfY = Math.max(100 - y, y + height - 100);
  const box = [100 - halfX, 100 - halfY, 2 * halfX, 2 * halfY];
  return svg
    .replace(/viewBox="[^"]+"/, `viewBox="${box.map((v) => +v.toFixed(2)).join(" ")}"`)
    .replace(/width="[^"]+"/, `width="${+((2 * halfX * 40) / 100).toFixed(2)}"`)
    .replace(/height="[^"]+"/, `height="${+((2 * halfY * 40) / 100).toFixed(2)}"`);
}

const [kinds, folder] = process.argv.slice(2);
for (const { kind, sidc } of JSON.parse(readFileSync(kinds, "utf8"))) {
  writeFileSync(join(folder, `${kind}.svg`), (sidc ? standard(kind, sidc) : plain(kind)) + "\n");
}
