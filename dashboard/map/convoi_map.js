// The map: base layers of a theatre and what a plan does on them, drawn on canvases over Leaflet.
//
// Python fills the stores that dashboard/map/ids.py describes; `draw` below is called with all of them
// whenever one changes, and answers go out through dash_clientside.set_props. The ground is drawn once
// into tiles, so that moving the map costs nothing; plan and names are drawn once a move into one canvas.
//
// One file, in parts that build on those before; look for the rule that begins each:
//
//   colours                      of grounds, roads, places and routes, in light and dark
//   geometry                     projections, packed lines, thinning, nearest points
//   the ground, in tiles         base layers: relief, contours, water, roads; tiles that are painted in idle time
//   the plan                     what the store of the plan holds: sites, convoys, legs, areas, changes, lanes
//   signs                        badges, crosses, load classes, hatchings
//   lines and areas, in tiles    routes side by side with their arrowheads, areas
//   the layer of the plan        symbols, clusters, names: what is drawn once a move, and what is hit
//   the map on the page          making it, what the page says, what is chosen, pointer, keys, drawing and editing
//   for Dash                     the clientside callback, and where things are, for tests

(function () {
  "use strict";

  const L = window.L;
  const HALF_WORLD_M = 20037508.342789244;
  const TILE_PX = 512;
  /** Milliseconds of a frame after which no further tile is begun. */
  const TILE_BUDGET_MS = 7;
  const MIN_ZOOM = 6;
  const MAX_ZOOM = 17;
  /** Sites from which on they are gathered at low zoom, and the zoom from which on they never are. */
  const CLUSTER_FROM = 80;
  const CLUSTER_TO_ZOOM = 13;
  /** Routes that are drawn side by side on one road; more could not be told apart. */
  const MOST_LANES = 10;
  /** What the store of the ground holds until the server has answered; see dashboard/map/ids.py. */
  const AWAITED = "awaited";
  const FONT = '"IBM Plex Sans", sans-serif';

  // ---------------------------------------------------------------- colours

  /** Colours of routes: Paul Tol's "bright" and "muted" without those that areas and states use. */
  const ROUTE_COLOURS = {
    light: ["#0b5cad", "#aa3377", "#117733", "#b34700", "#5b3fa0", "#007a87", "#8a5a00", "#882255",
            "#3d6b1f", "#1f4e9e", "#a3405c", "#4a4a4a"],
    dark: ["#6db3ff", "#ff8ac4", "#5fd38d", "#ffa066", "#b9a2ff", "#4dd9e6", "#e6c35c", "#e88fb0",
           "#a8d672", "#8fb4ff", "#ff9fae", "#cfcfcf"],
  };

  const THEMES = {
    light: {
      paper: "#e9e7e0", ink: "#20242a", halo: "rgba(255,255,255,0.92)", casing: "#ffffff",
      contour: "rgba(126,84,44,0.30)", contourHeavy: "rgba(126,84,44,0.52)",
      waterFill: "#a9cbe2", waterLine: "#6b9dc2",
      roads: {
        trunk: ["#e0604f", "#8c2f22"], primary: ["#f3b066", "#97601f"], secondary: ["#f6e38a", "#927a33"],
        tertiary: ["#ffffff", "#8d877f"], local: ["#ffffff", "#a8a29a"], service: ["#ffffff", "#c1bbb2"],
        track: ["#8a6a48", ""], path: ["#94785c", ""],
      },
      tunnel: "rgba(245,240,232,0.85)", bridge: "#2b2b2b",
      name: "#2a2d31", nameSoft: "#5a4f43", water: "#2f6690",
      select: "#ffb000", accent: "#1864ab", faint: 0.24,
      delivered: "#00806a", partly: "#d98200", undelivered: "#c92a2a",
      no_go: "#c21f1f", no_fly: "#1c5fb8", slow: "#b36b00", exposure: "#7b2fa8",
      sign: "#ffd43b", signInk: "#161616", signSoft: "#ffffff",
    },
    dark: {
      paper: "#14171b", ink: "#e8eaed", halo: "rgba(12,15,19,0.88)", casing: "#0d1014",
      contour: "rgba(205,178,146,0.14)", contourHeavy: "rgba(205,178,146,0.28)",
      waterFill: "#24465f", waterLine: "#3d7296",
      roads: {
        trunk: ["#c4584a", "#1c0f0d"], primary: ["#b57f45", "#17110b"], secondary: ["#a3924e", "#15130b"],
        tertiary: ["#8b8f94", "#101214"], local: ["#6c7177", "#101214"], service: ["#565b61", "#101214"],
        track: ["#96795a", ""], path: ["#7d6a55", ""],
      },
      tunnel: "rgba(25,29,34,0.85)", bridge: "#e0e0e0",
      name: "#e6e8ea", nameSoft: "#c4b8a8", water: "#8fc1e3",
      select: "#ffc94d", accent: "#74c0fc", faint: 0.22,
      delivered: "#38d9a9", partly: "#ffb54d", undelivered: "#ff6b6b",
      no_go: "#ff6b6b", no_fly: "#74b0ff", slow: "#ffb54d", exposure: "#cc8cff",
      sign: "#ffd43b", signInk: "#161616", signSoft: "#e9ecef",
    },
  };

  // Tier -> [zoom from which it is drawn, width in pixels at zoom 12].
  const ROADS = {
    trunk: [6, 3.4], primary: [7, 2.9], secondary: [9, 2.3], tertiary: [10, 1.8], local: [12, 1.25],
    service: [14, 0.8], track: [12, 0.9], path: [14, 0.7],
  };
  // Kind of place -> [zoom from which it is named, size, weight and slant, marker].
  const PLACES = {
    city: [6, 15, "600", "dot"], town: [9, 13, "600", "dot"], village: [11, 12, "500", "dot"],
    hamlet: [13, 11, "400", "dot"], pass: [13, 11, "italic 400", "pass"], peak: [12, 11, "italic 400", "peak"],
    suburb: [14, 11, "400", ""], locality: [14, 11, "italic 400", ""],
  };

  // ---------------------------------------------------------------- geometry

  const worldPixels = (zoom) => 256 * Math.pow(2, zoom);

  /** Metres of EPSG:3857 of a longitude and latitude. */
  function metres(lon, lat) {
    const y = Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
    return [(lon / 180) * HALF_WORLD_M, (y / Math.PI) * HALF_WORLD_M];
  }

  function lonLat(x, y) {
    const lat = (2 * Math.atan(Math.exp((y / HALF_WORLD_M) * Math.PI)) - Math.PI / 2) * (180 / Math.PI);
    return [(x / HALF_WORLD_M) * 180, lat];
  }

  /** A line that was packed by dashboard/map/mercator.py, as metres of EPSG:3857, with its box. */
  function unpacked(line, west, south) {
    const points = new Float64Array(line.length);
    let x = west, y = south;
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < line.length; i += 2) {
      x += line[i];
      y += line[i + 1];
      points[i] = x;
      points[i + 1] = y;
      grow(box, x, y);
    }
    return { points, box };
  }

  function lineOf(coordinates) {
    const points = new Float64Array(coordinates.length * 2);
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    coordinates.forEach(([lon, lat], i) => {
      const [x, y] = metres(lon, lat);
      points[2 * i] = x;
      points[2 * i + 1] = y;
      grow(box, x, y);
    });
    return { points, box };
  }

  function grow(box, x, y) {
    if (x < box[0]) box[0] = x;
    if (y < box[1]) box[1] = y;
    if (x > box[2]) box[2] = x;
    if (y > box[3]) box[3] = y;
  }

  const meet = (a, b) => a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];

  const united = (boxes) =>
    boxes.reduce((all, box) => [Math.min(all[0], box[0]), Math.min(all[1], box[1]),
                                Math.max(all[2], box[2]), Math.max(all[3], box[3])],
                 [Infinity, Infinity, -Infinity, -Infinity]);

  /** Runs of equal values other than 0: first stretch, the vertex after the last, the value. */
  function runs(values) {
    const found = [];
    for (let i = 0; i < values.length; i++) {
      if (!values[i]) continue;
      let end = i + 1;
      while (end < values.length && values[end] === values[i]) end++;
      found.push([i, end, values[i]]);
      i = end - 1;
    }
    return found;
  }

  /**
   * The vertices of a line without which it would miss its course by more than half a pixel: as long as
   * one stroke of the pen passes by all of them they are left out (Zhao and Saalfeld 1997, sleeves).
   */
  function thinned(points, from, to, k, must) {
    const tolerance = 0.55 / k;
    const kept = [from];
    let ax = points[2 * from], ay = points[2 * from + 1];
    let low = -Infinity, high = Infinity, main = 0, open = true;
    for (let i = from + 1; i <= to; i++) {
      const dx = points[2 * i] - ax, dy = points[2 * i + 1] - ay, distance = Math.hypot(dx, dy);
      if (distance > tolerance) {
        let angle = Math.atan2(dy, dx);
        const wide = Math.asin(Math.min(1, tolerance / distance));
        if (open) {
          main = angle;
          low = -wide;
          high = wide;
          open = false;
        } else {
          angle -= main;
          if (angle > Math.PI) angle -= 2 * Math.PI;
          if (angle < -Math.PI) angle += 2 * Math.PI;
          if (angle < low || angle > high) {
            // The vertex before ends the stroke, and this one is looked at again from there.
            i -= 1;
            kept.push(i);
            ax = points[2 * i];
            ay = points[2 * i + 1];
            open = true;
            continue;
          }
          low = Math.max(low, angle - wide);
          high = Math.min(high, angle + wide);
        }
      }
      if (i === to || must(i)) {
        kept.push(i);
        ax = points[2 * i];
        ay = points[2 * i + 1];
        open = true;
      }
    }
    return kept;
  }

  /** Squared distance of a point from a line, and where on it the nearest point lies. */
  function nearest(points, x, y) {
    let best = Infinity, at = null;
    for (let i = 0; i + 3 < points.length; i += 2) {
      const ax = points[i], ay = points[i + 1];
      const dx = points[i + 2] - ax, dy = points[i + 3] - ay;
      const length = dx * dx + dy * dy;
      const t = length ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
      const ex = ax + t * dx - x, ey = ay + t * dy - y;
      const d = ex * ex + ey * ey;
      if (d < best) {
        best = d;
        at = [ax + t * dx, ay + t * dy];
      }
    }
    return [best, at];
  }

  function inside(points, x, y) {
    let odd = false;
    for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2) {
      const yi = points[i + 1], yj = points[j + 1];
      if (yi > y !== yj > y && x < ((points[j] - points[i]) * (y - yi)) / (yj - yi) + points[i]) odd = !odd;
    }
    return odd;
  }

  /** Finds the lines whose boxes meet a box, by the fields of a grid in which they lie. */
  class Fields {
    constructor(items, bounds, side = 40) {
      this.items = items;
      this.bounds = bounds;
      this.side = side;
      this.fields = Array.from({ length: side * side }, () => []);
      this.seen = new Int32Array(items.length);
      this.turn = 0;
      items.forEach((item, i) => this.#each(item.box, (field) => field.push(i)));
    }

    #each(box, visit) {
      const [west, south, east, north] = this.bounds;
      const column = (x) => Math.max(0, Math.min(this.side - 1, Math.floor(((x - west) / (east - west)) * this.side)));
      const row = (y) => Math.max(0, Math.min(this.side - 1, Math.floor(((y - south) / (north - south)) * this.side)));
      for (let r = row(box[1]); r <= row(box[3]); r++)
        for (let c = column(box[0]); c <= column(box[2]); c++) visit(this.fields[r * this.side + c]);
    }

    find(box) {
      this.turn++;
      const found = [];
      this.#each(box, (field) => {
        for (const i of field) {
          if (this.seen[i] === this.turn) continue;
          this.seen[i] = this.turn;
          if (meet(this.items[i].box, box)) found.push(this.items[i]);
        }
      });
      return found;
    }
  }

  function grouped(items, keyOf) {
    const groups = new Map();
    for (const item of items) {
      const key = keyOf(item);
      if (groups.has(key)) groups.get(key).push(item);
      else groups.set(key, [item]);
    }
    return groups;
  }

  // ---------------------------------------------------------------- the ground, in tiles

  /** Where a canvas lies: metres to pixels of the canvas. */
  class View {
    constructor(zoom, left, top) {
      this.k = worldPixels(zoom) / (2 * HALF_WORLD_M);
      this.left = left;
      this.top = top;
      this.zoom = zoom;
    }

    x(metresEast) { return (metresEast + HALF_WORLD_M) * this.k - this.left; }

    y(metresNorth) { return (HALF_WORLD_M - metresNorth) * this.k - this.top; }

    box(width, height, margin) {
      const west = (this.left - margin) / this.k - HALF_WORLD_M;
      const north = HALF_WORLD_M - (this.top - margin) / this.k;
      return [west, north - (height + 2 * margin) / this.k, west + (width + 2 * margin) / this.k, north];
    }
  }

  /** Adds a line to the path of a context, leaving out what is less than a pixel apart. */
  function trace(context, view, points, least = 0.9) {
    const { k, left, top } = view;
    let px = (points[0] + HALF_WORLD_M) * k - left;
    let py = (HALF_WORLD_M - points[1]) * k - top;
    context.moveTo(px, py);
    const last = points.length - 2;
    for (let i = 2; i <= last; i += 2) {
      const x = (points[i] + HALF_WORLD_M) * k - left;
      const y = (HALF_WORLD_M - points[i + 1]) * k - top;
      if (i === last || Math.abs(x - px) + Math.abs(y - py) > least) {
        context.lineTo(x, y);
        px = x;
        py = y;
      }
    }
  }

  class Ground {
    constructor(layers) {
      this.layers = layers;
      this.bounds = layers.bounds;
      this.relief = {};
      this.names = [];
      this.tiers = [];
    }

    takeContours(document) {
      this.interval = document.interval;
      const lines = [];
      for (const level of document.levels)
        for (const line of level.lines)
          lines.push({ ...unpacked(line, ...this.bounds), z: level.z,
                       heavy: Math.round(level.z / document.interval) % document.index === 0 });
      this.contours = new Fields(lines, this.bounds);
    }

    takeWater(document) {
      this.lakes = document.areas.map((rings) => {
        const lines = rings.map((ring) => unpacked(ring, ...this.bounds));
        return { rings: lines.map((line) => line.points), box: lines[0].box };
      });
      const lines = document.lines.map(([kind, line]) => ({ kind, ...unpacked(line, ...this.bounds) }));
      this.rivers = new Fields(lines, this.bounds);
    }

    takeRoads(document) {
      this.tiers = document.tiers;
      const lines = document.line.map((line, i) => ({
        ...unpacked(line, ...this.bounds), id: document.id[i], way: document.way[i],
        tier: document.tiers[document.tier[i]], flags: document.flags[i],
        name: document.names[document.name[i]],
      }));
      this.roads = new Fields(lines, this.bounds);
      this.present = new Set(lines.map((line) => line.tier));
    }

    takeBridges(document) {
      this.bridges = document.id.map((id, i) => ({
        id, way: document.way[i], x: document.at[i][0] + this.bounds[0], y: document.at[i][1] + this.bounds[1],
        wheeled: document.wheeled[i], tracked: document.tracked[i], stated: document.stated[i],
        tier: document.tiers ? document.tiers[document.tier[i]] : this.tiers[document.tier[i]],
        rank: document.tier[i],
      }));
      this.bridgeOf = new Map(this.bridges.map((bridge) => [bridge.id, bridge]));
    }

    takePlaces(document) {
      this.places = document.name.map((name, i) => ({
        name: document.z[i] === null ? name : `${name} ${document.z[i]}`, kind: document.kind[i],
        x: document.at[i][0] + this.bounds[0], y: document.at[i][1] + this.bounds[1],
      }));
      const order = Object.keys(PLACES);
      // Documents come with the populous in front; kinds of higher rank go before them.
      this.places.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
    }

    /** Draws a part of the ground. */
    paint(context, view, width, height, themeName) {
      const theme = THEMES[themeName];
      context.fillStyle = theme.paper;
      context.fillRect(0, 0, width, height);
      this.#relief(context, view, themeName);
      const box = view.box(width, height, 12);
      context.lineCap = "round";
      context.lineJoin = "round";
      if (this.lakes) this.#lakes(context, view, box, theme);
      if (this.contours) this.#contours(context, view, box, theme);
      if (this.rivers) this.#rivers(context, view, box, theme);
      if (this.roads) this.#roads(context, view, box, theme);
    }

    #relief(context, view, themeName) {
      const image = this.relief[themeName];
      if (!image) return;
      const [west, south, east, north] = this.bounds;
      const x = view.x(west), y = view.y(north);
      context.imageSmoothingEnabled = true;
      context.imageSmoothingQuality = "low";
      context.drawImage(image, x, y, view.x(east) - x, view.y(south) - y);
    }

    #lakes(context, view, box, theme) {
      context.beginPath();
      for (const lake of this.lakes)
        if (meet(lake.box, box))
          for (const ring of lake.rings) {
            trace(context, view, ring);
            context.closePath();
          }
      context.fillStyle = theme.waterFill;
      context.strokeStyle = theme.waterLine;
      context.lineWidth = 0.8;
      context.fill("evenodd");
      context.stroke();
    }

    #contours(context, view, box, theme) {
      const { zoom } = view;
      if (zoom < 12) return;
      const all = this.contours.find(box);
      const groups = zoom < 13 ? [true] : [false, true];
      for (const heavy of groups) {
        context.beginPath();
        for (const line of all) if (line.heavy === heavy) trace(context, view, line.points, 2);
        context.strokeStyle = heavy && zoom >= 13 ? theme.contourHeavy : theme.contour;
        context.lineWidth = heavy && zoom >= 13 ? 1.1 : 0.7;
        context.stroke();
      }
    }

    #rivers(context, view, box, theme) {
      const { zoom } = view;
      const widths = { river: 1.6, canal: 1.2, stream: 0.7 };
      const found = this.rivers.find(box);
      for (const [kind, width] of Object.entries(widths)) {
        if (kind === "stream" && zoom < 12) continue;
        context.beginPath();
        for (const line of found) if (line.kind === kind) trace(context, view, line.points, 1.5);
        context.strokeStyle = theme.waterLine;
        context.lineWidth = width * Math.min(2.4, Math.max(0.7, Math.pow(1.25, zoom - 12)));
        context.stroke();
      }
    }

    #roads(context, view, box, theme) {
      const { zoom } = view;
      const groups = new Map(this.tiers.map((tier) => [tier, []]));
      for (const road of this.roads.find(box)) if (zoom >= ROADS[road.tier][0]) groups.get(road.tier).push(road);
      const stroke = (roads, width, colour, dash = []) => {
        if (!roads.length) return;
        context.beginPath();
        for (const road of roads) trace(context, view, road.points, zoom < 12 ? 1.6 : 0.9);
        context.lineWidth = width;
        context.strokeStyle = colour;
        context.setLineDash(dash);
        context.lineCap = dash.length ? "butt" : "round";
        context.stroke();
      };
      const grown = Math.pow(1.32, Math.min(zoom, 17) - 12);
      // All casings of a tier under its fills, tier over tier, so that junctions stay open.
      for (const [tier, roads] of groups) {
        const [fill, casing] = theme.roads[tier];
        const width = Math.max(0.8, ROADS[tier][1] * grown);
        const open = roads.filter((road) => !(road.flags & 2));
        const tunnels = roads.filter((road) => road.flags & 2);
        if (!casing) {
          stroke(roads, Math.min(width, 1.6), fill, tier === "path" ? [3, 2.5] : [6, 2.5]);
          continue;
        }
        const edge = zoom < 11 ? 0.8 : 1.5;
        stroke(tunnels, width + edge, casing, [3, 3]);
        stroke(tunnels, Math.max(width - 0.4, 0.6), theme.tunnel);
        stroke(open, width + edge, casing);
        if (zoom >= 13) stroke(open.filter((road) => road.flags & 1), width + 4, theme.bridge, [1e6, 1]);
        stroke(open, width, fill);
      }
      context.setLineDash([]);
    }

    /** The road nearest to a position, within a reach in metres. */
    roadOf({ id, x, y }) {
      return this.roads.find([x - 5, y - 5, x + 5, y + 5]).find((road) => road.id === id);
    }

    roadNear(x, y, reach, zoom) {
      if (!this.roads) return null;
      let best = null, least = reach * reach;
      for (const road of this.roads.find([x - reach, y - reach, x + reach, y + reach])) {
        if (zoom < ROADS[road.tier][0]) continue;
        const [distance, at] = nearest(road.points, x, y);
        // Somebody who clicks beside a bridge means the bridge.
        const weighed = road.flags & 1 ? distance / 4 : distance;
        if (weighed < least) {
          least = weighed;
          best = { road, at };
        }
      }
      return best;
    }
  }

  /** The frame in which a tile was painted last, of whatever layer: each frame paints one at least. */
  let paintedFrame = 0;

  /** Tiles that a function paints: (context, View, pixels across), as many a frame as it has time for. */
  const PaintedTiles = L.GridLayer.extend({
    options: { tileSize: TILE_PX, keepBuffer: 1, noWrap: true, updateWhenZooming: false, updateWhenIdle: false, opaque: true },

    initialize(paintTile, settled, options) {
      L.setOptions(this, options);
      this.paintTile = paintTile;
      this.settled = settled;
      this.queue = [];
    },

    /** As in Leaflet, but tiles are drawn for the very zoom of the map, also between whole ones. */
    _setView(center, zoom, noPrune, noUpdate) {
      if (!noUpdate) {
        this._tileZoom = this._clampZoom(zoom);
        this._updateLevels();
        this._resetGrid();
        this._update(center);
        if (!noPrune) this._pruneTiles();
        this._noPrune = Boolean(noPrune);
      }
      this._setZoomTransforms(center, zoom);
    },

    /** Old tiles stay until all new ones are drawn: no zoom flashes. */
    _pruneTiles() {
      if (!this.queue.length) L.GridLayer.prototype._pruneTiles.call(this);
    },

    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      const ratio = window.devicePixelRatio || 1;
      canvas.width = canvas.height = Math.round(TILE_PX * ratio);
      this.queue.push({ canvas, coords, done, ratio });
      if (this.queue.length === 1) this.schedule();
      return canvas;
    },

    schedule() {
      requestAnimationFrame((frame) => this.work(frame));
    },

    /** Draws tiles that wait, the middle of the map first, as many as a frame has time for. */
    work(frame) {
      if (!this._map) {
        this.queue = [];
        return;
      }
      const zoom = this._tileZoom;
      this.queue = this.queue.filter((job) => job.coords.z === zoom);
      const middle = this._map.project(this._map.getCenter(), zoom).divideBy(TILE_PX).subtract([0.5, 0.5]);
      this.queue.sort((a, b) => middle.distanceTo(b.coords) - middle.distanceTo(a.coords));
      while (this.queue.length && (performance.now() - frame < TILE_BUDGET_MS || paintedFrame !== frame)) {
        const job = this.queue.pop();
        paintedFrame = frame;
        this.paint(job);
        job.done(null, job.canvas);
      }
      if (this.queue.length) {
        this.schedule();
        return;
      }
      this._pruneTiles();
      this.settled();
    },

    paint({ canvas, coords, ratio }) {
      const context = canvas.getContext("2d", { alpha: !this.options.opaque, willReadFrequently: true });
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      if (!this.options.opaque) context.clearRect(0, 0, TILE_PX, TILE_PX);
      this.paintTile(context, new View(coords.z, coords.x * TILE_PX, coords.y * TILE_PX), TILE_PX);
      // Browsers put drawing off until the frame is shown; reading makes them draw now, within the budget.
      context.getImageData(0, 0, 1, 1);
    },

    /** Draws the tiles that are shown again, because a layer came or the colours changed. */
    repaint() {
      if (!this._map) return;
      const waiting = new Set(this.queue.map((job) => job.canvas));
      for (const tile of Object.values(this._tiles)) {
        if (waiting.has(tile.el) || !tile.current) continue;
        this.queue.push({ canvas: tile.el, coords: tile.coords, done() {}, ratio: tile.el.width / TILE_PX });
      }
      if (this.queue.length) this.schedule();
    },
  });

  // ---------------------------------------------------------------- the plan

  /** What of a plan is drawn, from the GeoJSON of briefing/render/geojson.py. */
  class Plan {
    constructor(data) {
      const features = (layer) => ((data && data[layer] && data[layer].features) || []);
      this.sites = features("sites").filter((f) => f.geometry).map((f) => {
        const [x, y] = metres(...f.geometry.coordinates);
        return { ...f.properties, key: f.properties.site, x, y };
      });
      this.siteOf = new Map(this.sites.map((site) => [site.key, site]));
      this.convoys = [];
      const number = new Map();
      this.legs = [];
      for (const feature of features("routes")) {
        const properties = feature.properties;
        if (!number.has(properties.convoy)) {
          number.set(properties.convoy, this.convoys.length);
          this.convoys.push({ number: this.convoys.length, key: properties.convoy, name: properties.name || properties.convoy,
                              colour: properties.colour, sites: new Set(), legs: [] });
        }
        const convoy = this.convoys[number.get(properties.convoy)];
        convoy.sites.add(properties.origin).add(properties.destination);
        if (!feature.geometry) continue;
        const parts = feature.geometry.type === "MultiLineString"
          ? feature.geometry.coordinates : [feature.geometry.coordinates];
        for (const part of parts) {
          if (part.length < 2) continue;
          const leg = { ...lineOf(part), id: feature.id || properties.id, convoy, properties,
                        number: number.get(properties.convoy), schematic: Boolean(properties.schematic) };
          convoy.legs.push(leg);
          this.legs.push(leg);
        }
      }
      this.convoyOf = new Map(this.convoys.map((convoy) => [convoy.key, convoy]));
      this.#lanes();
      this.areas = features("areas").filter((f) => f.geometry).map((f) => {
        const polygons = f.geometry.type === "MultiPolygon" ? f.geometry.coordinates : [f.geometry.coordinates];
        const rings = polygons.flat().map(lineOf);
        return { ...f.properties, key: f.properties.area, rings: rings.map((ring) => ring.points),
                 box: united(rings.map((ring) => ring.box)), geometry: f.geometry };
      });
      this.changes = features("changes").map((f) => {
        const at = f.geometry ? metres(...f.geometry.coordinates) : null;
        return { ...f.properties, key: f.properties.change, x: at && at[0], y: at && at[1] };
      });
      this.#index();
    }

    /**
     * Gives each stretch of each leg its place among all that use the same stretch of road. Where more
     * share it than can be told apart, some are not drawn there, and nobody is drawn twice.
     */
    #lanes() {
      const vertices = new Map();
      const vertex = (x, y) => {
        // Half a metre: two legs along one road have its very positions.
        const key = Math.round((x + HALF_WORLD_M) * 2) * 1e8 + Math.round((y + HALF_WORLD_M) * 2);
        let found = vertices.get(key);
        if (found === undefined) vertices.set(key, (found = vertices.size));
        return found;
      };
      const used = new Map();
      for (const leg of this.legs) {
        const count = leg.points.length / 2 - 1;
        leg.stretches = new Array(count);
        let from = vertex(leg.points[0], leg.points[1]);
        for (let i = 0; i < count; i++) {
          const to = vertex(leg.points[2 * i + 2], leg.points[2 * i + 3]);
          const forward = from < to;
          const key = forward ? from * 4e7 + to : to * 4e7 + from;
          let users = used.get(key);
          if (users === undefined) used.set(key, (users = new Map()));
          // Those who go against the stretch first: so everybody keeps to the right.
          const user = (forward ? 1e6 : 0) + leg.number;
          const first = !users.has(user);
          if (first) users.set(user, 0);
          leg.stretches[i] = { users, user, first, sign: forward ? 1 : -1 };
          from = to;
        }
      }
      for (const users of used.values()) {
        // Where not all can be drawn, the same ones are drawn all along: the first of each direction.
        const order = [...users.keys()].sort((p, q) => p - q);
        const against = order.filter((user) => user < 1e6), along = order.filter((user) => user >= 1e6);
        const left = Math.min(against.length, Math.max(MOST_LANES / 2, MOST_LANES - along.length));
        const right = Math.min(along.length, MOST_LANES - left);
        // Counted from the middle in both directions, whichever of them a stretch is stored in.
        against.forEach((user, i) => users.set(user, { slot: Math.max(left - 1 - i, 0), drawn: i < left }));
        along.forEach((user, i) => users.set(user, { slot: left + Math.min(i, right - 1), drawn: i < right }));
        users.slots = left + right;
      }
      for (const leg of this.legs) {
        const count = leg.stretches.length;
        leg.lane = new Float32Array(count);
        leg.slots = new Uint8Array(count);
        const shown = new Uint8Array(count), lead = new Uint8Array(count);
        leg.stretches.forEach(({ users, user, first, sign }, i) => {
          const { slot, drawn } = users.get(user);
          leg.lane[i] = sign * (slot - (users.slots - 1) / 2);
          leg.slots[i] = users.slots;
          shown[i] = first && drawn ? 1 : 0;
          lead[i] = shown[i] && slot === 0 ? users.slots : 0;
        });
        delete leg.stretches;
        leg.shown = runs(shown);
        leg.leads = runs(lead);
      }
    }

    #index() {
      this.cluster = null;
      if (this.sites.length < CLUSTER_FROM) return;
      const worst = ["no_demand", "delivered", "partly_delivered", "undelivered"];
      this.cluster = new window.Supercluster({
        radius: 52, extent: 256, maxZoom: CLUSTER_TO_ZOOM - 1,
        map: (p) => ({ worst: Math.max(0, worst.indexOf(p.status)) }),
        reduce: (all, p) => { all.worst = Math.max(all.worst, p.worst); },
      });
      this.cluster.load(this.sites.map((site, i) => ({
        type: "Feature", properties: { site: i, status: site.status },
        geometry: { type: "Point", coordinates: lonLat(site.x, site.y) },
      })));
      this.worst = worst;
    }

    /** Sites and clusters that a box shows. */
    shown(box, zoom) {
      if (!this.cluster || zoom >= CLUSTER_TO_ZOOM)
        return this.sites.filter((site) => site.x >= box[0] && site.x <= box[2] && site.y >= box[1] && site.y <= box[3]);
      const [west, south] = lonLat(box[0], box[1]);
      const [east, north] = lonLat(box[2], box[3]);
      return this.cluster.getClusters([west, south, east, north], Math.floor(zoom)).map((feature) => {
        if (!feature.properties.cluster) return this.sites[feature.properties.site];
        const [x, y] = metres(...feature.geometry.coordinates);
        return { cluster: feature.properties.cluster_id, count: feature.properties.point_count,
                 status: this.worst[feature.properties.worst], x, y };
      });
    }

    box() {
      const boxes = [...this.sites.map((s) => [s.x, s.y, s.x, s.y]), ...this.legs.map((leg) => leg.box),
                     ...this.areas.map((area) => area.box)];
      return boxes.length ? united(boxes) : null;
    }

    /** How far apart at a zoom the lines of a number of lanes are, in pixels. */
    static spacing(zoom, slots) {
      const wanted = zoom < 11 ? 2.3 : zoom < 13 ? 3.1 : 4;
      const room = zoom < 11 ? 11 : zoom < 13 ? 20 : 34;
      return Math.min(wanted, room / slots);
    }

    /** What of a leg is drawn at a zoom: its lines beside others, and what lies under all of them. */
    courses(leg, zoom) {
      if (leg.zoom !== zoom) {
        leg.zoom = zoom;
        leg.whole = null;
        let left = 46 + ((leg.number * 37) % 90);
        leg.lines = leg.shown.map(([from, to]) => {
          const line = this.#course(leg, from, to, zoom, true);
          left = arrowheads(line, left, 170);
          return line;
        });
        leg.beds = leg.leads.map(([from, to, slots]) => ({ slots, line: this.#course(leg, from, to, zoom, false) }));
      }
      return leg;
    }

    /** All of a leg, also where others hide it. */
    whole(leg, zoom) {
      this.courses(leg, zoom);
      if (!leg.whole) {
        leg.whole = this.#course(leg, 0, leg.points.length / 2 - 1, zoom, true);
        arrowheads(leg.whole, 40, 90);
      }
      return leg.whole;
    }

    /** Stretches from one vertex to another as pixels of the world, thinned out, moved to their lanes. */
    #course(leg, from, to, zoom, beside) {
      const k = worldPixels(zoom) / (2 * HALF_WORLD_M);
      const { points, lane, slots } = leg;
      const kept = thinned(points, from, to, k, (i) => beside && (lane[i] !== lane[i - 1] || slots[i] !== slots[i - 1]));
      const count = kept.length;
      const course = new Float64Array(2 * count);
      const px = (i) => (points[2 * kept[i]] + HALF_WORLD_M) * k, py = (i) => (HALF_WORLD_M - points[2 * kept[i] + 1]) * k;
      const aside = (i) => (beside && slots[i] > 1 ? lane[i] * Plan.spacing(zoom, slots[i]) : 0);
      for (let i = 0; i < count; i++) {
        const x = px(i), y = py(i);
        // Normals of the stretches before and after, to the right of the way that is gone.
        let nx = 0, ny = 0;
        for (const [p, q] of [[i - 1, i], [i, i + 1]]) {
          if (p < 0 || q >= count) continue;
          const dx = px(q) - px(p), dy = py(q) - py(p), length = Math.hypot(dx, dy);
          if (length) {
            nx -= dy / length;
            ny += dx / length;
          }
        }
        const length = Math.hypot(nx, ny);
        // At a bend the offset grows by the mitre, but never to a spike.
        const mitre = length > 1 ? 2 / (length * length) : length ? 1 / length : 0;
        const before = Math.max(kept[i] - 1, 0), after = Math.min(kept[i], slots.length - 1);
        const d = (aside(before) + aside(after)) / 2;
        course[2 * i] = x + nx * mitre * d;
        course[2 * i + 1] = y + ny * mitre * d;
      }
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = 0; i < course.length; i += 2) grow(box, course[i], course[i + 1]);
      return { points: course, box, heads: [] };
    }
  }

  /** Notes where along a line arrowheads stand: x, y and direction. Returns what is left to the next. */
  function arrowheads(line, left, every) {
    const { points } = line;
    for (let i = 0; i + 3 < points.length; i += 2) {
      const dx = points[i + 2] - points[i], dy = points[i + 3] - points[i + 1], length = Math.hypot(dx, dy);
      for (; left <= length; left += every)
        line.heads.push(points[i] + (dx * left) / length, points[i + 1] + (dy * left) / length, dx / length, dy / length);
      left -= length;
    }
    return left;
  }

  // ---------------------------------------------------------------- signs

  const canvasOf = (width, height) => {
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width);
    canvas.height = Math.ceil(height);
    return canvas;
  };

  /** Fill of an area: its kind is told by the hatching as well as by the colour. */
  function hatch(kind, colour) {
    const canvas = canvasOf(20, 20);
    const context = canvas.getContext("2d");
    context.strokeStyle = context.fillStyle = colour;
    context.globalAlpha = 0.12;
    context.fillRect(0, 0, 20, 20);
    context.globalAlpha = 0.62;
    context.lineWidth = 1.3;
    const line = (x, y, u, v) => { context.beginPath(); context.moveTo(x, y); context.lineTo(u, v); context.stroke(); };
    if (kind === "exposure") {
      for (const [x, y] of [[5, 5], [15, 15]]) { context.beginPath(); context.arc(x, y, 1.5, 0, 7); context.fill(); }
    } else if (kind === "no_fly") {
      for (const y of [5, 15]) line(0, y, 20, y);
    } else {
      for (const o of [-10, 0, 10, 20]) {
        line(o, 20, o + 20, 0);
        if (kind === "no_go") line(o, 0, o + 20, 20);
      }
    }
    return canvas;
  }

  /** What became of a site: a sign whose shape says it without its colour. */
  function badge(context, status, x, y, r, theme) {
    if (status !== "delivered" && status !== "partly_delivered" && status !== "undelivered") return;
    context.save();
    context.lineWidth = 1.5;
    context.strokeStyle = theme.casing;
    context.beginPath();
    if (status === "delivered") context.arc(x, y, r, 0, 7);
    else if (status === "partly_delivered") {
      context.moveTo(x, y - r * 1.25);
      context.lineTo(x + r * 1.25, y);
      context.lineTo(x, y + r * 1.25);
      context.lineTo(x - r * 1.25, y);
      context.closePath();
    } else context.rect(x - r, y - r, 2 * r, 2 * r);
    context.fillStyle = { delivered: theme.delivered, partly_delivered: theme.partly, undelivered: theme.undelivered }[status];
    context.fill();
    context.stroke();
    context.strokeStyle = context.fillStyle = theme === THEMES.dark ? "#101418" : "#ffffff";
    context.lineWidth = Math.max(1.4, r * 0.3);
    context.lineCap = "round";
    context.beginPath();
    if (status === "delivered") {
      context.moveTo(x - r * 0.48, y + r * 0.02);
      context.lineTo(x - r * 0.1, y + r * 0.42);
      context.lineTo(x + r * 0.52, y - r * 0.4);
      context.stroke();
    } else if (status === "partly_delivered") {
      context.moveTo(x, y - r * 0.75);
      context.lineTo(x + r * 0.75, y);
      context.lineTo(x, y + r * 0.75);
      context.closePath();
      context.fill();
    } else {
      const d = r * 0.48;
      context.moveTo(x - d, y - d);
      context.lineTo(x + d, y + d);
      context.moveTo(x + d, y - d);
      context.lineTo(x - d, y + d);
      context.stroke();
    }
    context.restore();
  }

  function changeSign(context, change, x, y, theme) {
    context.save();
    context.lineWidth = 1.6;
    context.strokeStyle = theme.casing;
    context.textAlign = "center";
    context.textBaseline = "middle";
    if (change.kind === "bridge_out" || change.kind === "road_cut") {
      context.beginPath();
      if (change.kind === "bridge_out") context.arc(x, y, 9, 0, 7);
      else for (let i = 0; i < 8; i++) context.lineTo(x + 9.6 * Math.cos((i + 0.5) * Math.PI / 4), y + 9.6 * Math.sin((i + 0.5) * Math.PI / 4));
      context.closePath();
      context.fillStyle = theme.undelivered;
      context.fill();
      context.stroke();
      context.strokeStyle = "#ffffff";
      context.lineWidth = 2.6;
      context.lineCap = "round";
      context.beginPath();
      context.moveTo(x - 4.2, y - 4.2);
      context.lineTo(x + 4.2, y + 4.2);
      context.moveTo(x + 4.2, y - 4.2);
      context.lineTo(x - 4.2, y + 4.2);
      context.stroke();
    } else if (change.kind === "class_assessed") {
      const classes = [change.load_class_wheeled, change.load_class_tracked].filter((c) => c !== null && c !== undefined);
      classSign(context, [...new Set(classes)].join("/"), x, y, true, theme, 10);
    } else {
      // A spacing is told in metres, a limit in km/h without its unit, as signs do.
      const [figure, unit] = change.kind === "spacing" ? [change.spacing_m, " m"] : [change.speed_kmh, ""];
      const text = figure === null || figure === undefined ? "…" : `${Math.round(figure)}${unit}`;
      context.font = `600 10px ${FONT}`;
      const half = unit ? Math.max(10, context.measureText(text).width / 2 + 5) : 10;
      context.beginPath();
      if (context.roundRect) context.roundRect(x - half, y - 10, 2 * half, 20, 10);
      else context.arc(x, y, half, 0, 7);
      context.fillStyle = "#ffffff";
      context.fill();
      context.strokeStyle = theme.undelivered;
      context.lineWidth = 3;
      context.stroke();
      context.fillStyle = "#161616";
      context.fillText(text, x, y + 0.5);
    }
    context.restore();
  }

  /** The sign of a load class: a yellow disc as it stands at bridges; what is assumed is hollow. */
  function classSign(context, text, x, y, stated, theme, least = 8) {
    context.save();
    context.font = `600 ${least > 8 ? 11 : 10}px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const half = Math.max(least, context.measureText(text).width / 2 + 4);
    context.beginPath();
    if (context.roundRect) context.roundRect(x - half, y - least, 2 * half, 2 * least, least);
    else context.rect(x - half, y - least, 2 * half, 2 * least);
    context.fillStyle = stated ? theme.sign : theme.signSoft;
    context.fill();
    context.lineWidth = 1.2;
    context.strokeStyle = theme.signInk;
    if (!stated) context.setLineDash([2.5, 2]);
    context.stroke();
    context.fillStyle = theme.signInk;
    context.fillText(text, x, y + 0.5);
    context.restore();
    return half;
  }

  /** Pictures of symbols, each drawn once for a size. */
  class Symbols {
    constructor(changed) {
      this.images = new Map();
      this.sized = new Map();
      fetch("/map/symbols.json").then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      }).then((symbols) => Promise.all(Object.entries(symbols).map(([kind, svg]) => {
        const image = new Image();
        image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
        return image.decode().then(() => this.images.set(kind, image), () => {});
      }))).then(changed, () => {});
    }

    get(kind, scale, ratio) {
      const image = this.images.get(kind) || this.images.get("other");
      if (!image) return null;
      const key = `${kind} ${scale} ${ratio}`;
      let made = this.sized.get(key);
      if (!made) {
        const width = image.width * scale, height = image.height * scale;
        const canvas = canvasOf(width * ratio, height * ratio);
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        this.sized.set(key, (made = { canvas, width, height }));
      }
      return made;
    }
  }

  /** Keeps writing apart: what comes first stays. */
  class Room {
    constructor() { this.boxes = []; }

    take(x, y, width, height, force = false) {
      const box = [x, y, x + width, y + height];
      if (!force) for (const other of this.boxes) if (meet(box, other)) return false;
      this.boxes.push(box);
      return true;
    }
  }

  // ---------------------------------------------------------------- lines and areas, in tiles

  const routeWidth = (zoom) => (zoom < 11 ? 1.8 : zoom < 13 ? 2.4 : 3.2);

  /** Adds a line to the path, as far as it is on the canvas. */
  function addLine({ context, view, width, height }, { points }) {
    const least = -30, right = width + 30, foot = height + 30;
    let x = points[0] - view.left, y = points[1] - view.top, away = true;
    for (let i = 2; i < points.length; i += 2) {
      const u = points[i] - view.left, v = points[i + 1] - view.top;
      if ((x < least && u < least) || (x > right && u > right) || (y < least && v < least) || (y > foot && v > foot)) away = true;
      else {
        if (away) context.moveTo(x, y);
        context.lineTo(u, v);
        away = false;
      }
      x = u;
      y = v;
    }
  }

  /** Lines that the canvas shows, by their boxes in pixels of the world. */
  const onCanvas = ({ view, width, height }, lines, margin = 24) => {
    const box = [view.left - margin, view.top - margin, view.left + width + margin, view.top + height + margin];
    return lines.filter((line) => meet(line.box, box));
  };

  function strokeLines(scene, lines, colour, width, dash = []) {
    const shown = onCanvas(scene, lines);
    if (!shown.length) return;
    const { context } = scene;
    context.beginPath();
    for (const line of shown) addLine(scene, line);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
  }

  function addHeads({ context, view, width, height }, { heads }, r) {
    for (let i = 0; i < heads.length; i += 4) {
      const x = heads[i] - view.left, y = heads[i + 1] - view.top, ux = heads[i + 2], uy = heads[i + 3];
      if (x < -12 || y < -12 || x > width + 12 || y > height + 12) continue;
      context.moveTo(x + ux * r * 1.25, y + uy * r * 1.25);
      context.lineTo(x - ux * r - uy * r, y - uy * r + ux * r);
      context.lineTo(x - ux * r * 0.35, y - uy * r * 0.35);
      context.lineTo(x - ux * r + uy * r, y - uy * r - ux * r);
      context.closePath();
    }
  }

  const hatchings = new Map();

  function hatching(kind, colour) {
    const key = `${kind} ${colour}`;
    if (!hatchings.has(key)) hatchings.set(key, hatch(kind, colour));
    return hatchings.get(key);
  }

  function paintArea({ context, view, theme }, area) {
    const colour = theme[area.kind] || theme.accent;
    context.beginPath();
    for (const ring of area.rings) {
      trace(context, view, ring, 0.5);
      context.closePath();
    }
    const pattern = context.createPattern(hatching(area.kind, colour), "repeat");
    // Fixed to the ground, or the hatching would not meet at the borders of tiles.
    pattern.setTransform(new DOMMatrix([1, 0, 0, 1, -(view.left % 20), -(view.top % 20)]));
    context.fillStyle = pattern;
    context.fill("evenodd");
    context.strokeStyle = theme.casing;
    context.lineWidth = 4;
    context.stroke();
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.setLineDash({ no_go: [], no_fly: [10, 3, 2, 3], slow: [8, 4], exposure: [2, 4] }[area.kind] || []);
    context.stroke();
    context.setLineDash([]);
  }

  // ---------------------------------------------------------------- the layer of the plan

  const PlanLayer = L.Renderer.extend({
    options: { padding: 0.25, pane: "overlayPane" },

    initialize(view) {
      L.setOptions(this, {});
      L.stamp(this);
      this._layers = {};
      this.view = view;
      this.widths = new Map();
      this.labels = new Map();
    },

    getEvents() {
      const events = L.Renderer.prototype.getEvents.call(this);
      events.move = this._onMove;
      return events;
    },

    _initContainer() {
      this._container = document.createElement("canvas");
      this._container.setAttribute("aria-hidden", "true");
      this._ctx = this._container.getContext("2d");
    },

    _destroyContainer() {
      L.DomUtil.remove(this._container);
      delete this._ctx;
    },

    /** Draws anew while the map is being dragged, once it would show what is not drawn. */
    _onMove() {
      if (!this._bounds || this._map._animatingZoom) return;
      const topLeft = this._map.containerPointToLayerPoint([0, 0]);
      const shown = L.bounds(topLeft, topLeft.add(this._map.getSize()));
      if (!this._bounds.contains(shown)) this._update();
    },

    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const bounds = this._bounds, canvas = this._container, size = bounds.getSize();
      const ratio = window.devicePixelRatio || 1;
      L.DomUtil.setPosition(canvas, bounds.min);
      const width = Math.round(size.x * ratio), height = Math.round(size.y * ratio);
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
        canvas.style.width = `${size.x}px`;
        canvas.style.height = `${size.y}px`;
      }
      this.draw();
    },

    redraw() {
      if (this._map && this._bounds && !this._map._animatingZoom) this.draw();
    },

    draw() {
      const context = this._ctx, ratio = window.devicePixelRatio || 1, size = this._bounds.getSize();
      const zoom = this._map.getZoom();
      const corner = this._bounds.min.add(this._map.getPixelOrigin());
      const scene = {
        context, ratio, zoom, width: size.x, height: size.y,
        view: new View(zoom, corner.x, corner.y), theme: THEMES[this.view.theme],
        room: new Room(), focus: this.view.focus(), hits: [],
      };
      scene.box = scene.view.box(size.x, size.y, 40);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, size.x, size.y);
      context.lineJoin = "round";
      this.reserve(scene);
      scene.items = this.items(scene);
      this.chosen(scene);
      this.changes(scene);
      this.bridges(scene);
      this.siteNames(scene);
      this.areaNames(scene);
      this.placeNames(scene);
      this.sites(scene);
      this.hovered(scene);
      this.hits = scene.hits;
      this.corner = corner;
    },

    areaNames(scene) {
      const { view, theme, box, zoom } = scene;
      if (zoom < 10) return;
      for (const area of this.view.plan.areas) {
        if (!area.name || !meet(area.box, box) || this.view.editing === area.key) continue;
        const x = view.x((area.box[0] + area.box[2]) / 2);
        const middle = view.y((area.box[1] + area.box[3]) / 2), top = view.y(area.box[3]), foot = view.y(area.box[1]);
        [middle, foot + 12, top - 12].some((y) => this.write(scene, area.name, x, y, "600 12px", theme[area.kind], "center"));
      }
    },

    /** Keeps writing from under the buttons and boxes at the edges of the map. */
    reserve({ room }) {
      const offset = this._map.containerPointToLayerPoint([0, 0]).subtract(this._bounds.min);
      const frame = this.view.element.getBoundingClientRect();
      for (const box of this.view.element.querySelectorAll(".convoi-map-buttons, .convoi-map-foot, .convoi-map-legend > summary")) {
        const { left, top, width, height } = box.getBoundingClientRect();
        room.take(left - frame.left + offset.x, top - frame.top + offset.y, width, height, true);
      }
    },

    /** What is chosen, over the tiles: there all routes stand faint while one is. */
    chosen(scene) {
      const { context, view, theme, box, focus, zoom } = scene;
      const area = this.view.plan.areas.find((a) => a.key === focus.area);
      if (area && this.view.editing !== area.key) {
        context.beginPath();
        for (const ring of area.rings) {
          trace(context, view, ring, 0.5);
          context.closePath();
        }
        context.strokeStyle = theme.select;
        context.lineWidth = 4;
        context.stroke();
      }
      if (!focus.convoys) return;
      const width = routeWidth(zoom), { plan } = this.view;
      const seen = plan.legs.filter((leg) => focus.convoys.has(leg.convoy.key) && meet(leg.box, box));
      for (const leg of seen) plan.whole(leg, zoom);
      const lines = seen.flatMap((leg) => (focus.convoy ? [leg.whole] : leg.lines));
      if (focus.convoy) strokeLines(scene, lines, theme.select, width + 7);
      strokeLines(scene, lines, theme.casing, width + 2);
      this.view.strokeRoutes(scene, seen, (leg) => (focus.convoy ? [leg.whole] : leg.lines), Boolean(focus.convoy));
      if (focus.leg) strokeLines(scene, seen.filter(focus.leg).map((leg) => leg.whole), theme.ink, width + 0.8);
    },

    bridges({ context, view, theme, box, zoom, room, hits }) {
      const ground = this.view.ground, picking = this.view.mode === "pick_bridge";
      if (!ground || !ground.bridges || (zoom < 13 && !picking)) return;
      const close = zoom >= 15 || (picking && zoom >= 13);
      const seen = ground.bridges.filter((b) => b.x >= box[0] && b.x <= box[2] && b.y >= box[1] && b.y <= box[3]);
      // Bridges of great roads first; footbridges only where there is room.
      seen.sort((a, b) => b.rank - a.rank);
      for (const bridge of seen) {
        // Of a road that is not drawn nothing can be picked.
        if (zoom < ROADS[bridge.tier][0]) continue;
        const x = view.x(bridge.x), y = view.y(bridge.y);
        const text = bridge.wheeled === bridge.tracked ? String(bridge.wheeled) : `${bridge.wheeled}/${bridge.tracked}`;
        if (close || (zoom >= 14 && bridge.rank >= 3)) {
          if (!room.take(x - 16, y - 10, 32, 20)) continue;
          classSign(context, text, x, y, bridge.stated, theme);
        } else {
          if (!room.take(x - 3, y - 3, 6, 6)) continue;
          context.beginPath();
          context.arc(x, y, picking ? 4.5 : 2.6, 0, 7);
          context.fillStyle = bridge.stated ? theme.sign : theme.signSoft;
          context.strokeStyle = theme.signInk;
          context.lineWidth = 1.2;
          context.fill();
          context.stroke();
        }
        hits.push({ kind: "bridge", bridge, x, y, w: 12, h: 10, name: null });
      }
    },

    changes({ context, view, theme, box, focus, room, hits }) {
      const there = new Map();
      for (const change of this.view.plan.changes) {
        const at = this.view.placeOf(change);
        if (!at || at[0] < box[0] || at[0] > box[2] || at[1] < box[1] || at[1] > box[3]) continue;
        // What is stated of one bridge stands side by side.
        const before = there.get(String(at)) || 0;
        there.set(String(at), before + 1);
        const x = view.x(at[0]) + 28 * before, y = view.y(at[1]);
        if (focus.change === change.key) this.ring(context, theme, x, y, 14, 14);
        changeSign(context, change, x, y, theme);
        room.take(x - 11, y - 11, 22, 22, true);
        hits.push({ kind: "change", id: change.key, x, y, w: 12, h: 12, name: change.name });
      }
    },

    ring(context, theme, x, y, w, h) {
      context.beginPath();
      if (context.roundRect) context.roundRect(x - w, y - h, 2 * w, 2 * h, 6);
      else context.rect(x - w, y - h, 2 * w, 2 * h);
      context.lineWidth = 4;
      context.strokeStyle = theme.select;
      context.stroke();
    },

    /** Sites and clusters that are shown, with their places on the canvas; writing keeps off them. */
    items({ view, box, focus, zoom, ratio, room }) {
      const scale = zoom < 9 ? 0.42 : zoom < 11 ? 0.5 : zoom < 13 ? 0.6 : zoom < 15 ? 0.72 : 0.85;
      const badge = 3.6 + 4.2 * scale;
      const items = this.view.plan.shown(box, zoom).map((site) => {
        const x = view.x(site.x), y = view.y(site.y);
        if (site.cluster !== undefined) {
          const radius = 12 + Math.min(10, 2.2 * Math.log2(site.count));
          return { site, x, y, w: radius, h: radius, badge };
        }
        const symbol = this.view.symbols.get(site.kind, scale, ratio);
        // The frame of a friendly unit: masts and pins stand out from it.
        const w = symbol ? Math.min(symbol.width / 2, 32 * scale) : 8, h = symbol ? Math.min(symbol.height / 2, 26 * scale) : 8;
        return { site, symbol, x, y, w, h, badge };
      });
      // Northern ones first, so that the frames of those in front lie over them; the chosen one on top.
      const order = (item) => (focus.site && item.site.key === focus.site ? 1 : 0);
      items.sort((a, b) => order(a) - order(b) || a.y - b.y);
      for (const { x, y, w, h } of items) room.take(x - w, y - h, 2 * w + badge / 2, 2 * h + badge / 2, true);
      return items;
    },

    sites(scene) {
      const { context, theme, focus, hits, items } = scene;
      for (const item of items) {
        const { site, symbol, x, y } = item;
        const isIn = !focus.sites || site.cluster !== undefined || focus.sites.has(site.key);
        context.globalAlpha = isIn ? 1 : 0.38;
        if (site.cluster !== undefined) this.gathered(scene, item);
        else {
          if (focus.site === site.key) this.ring(context, theme, x, y, item.w + 4, item.h + 4);
          if (symbol) context.drawImage(symbol.canvas, x - symbol.width / 2, y - symbol.height / 2, symbol.width, symbol.height);
          else {
            context.fillStyle = theme.accent;
            context.fillRect(x - 6, y - 5, 12, 10);
          }
          badge(context, site.status, x + item.w - 1, y + item.h - 1, item.badge, theme);
        }
        context.globalAlpha = 1;
        hits.push(site.cluster === undefined
          ? { kind: "site", id: site.key, x, y, w: item.w + 3, h: item.h + 3, name: site.name, status: site.status }
          : { kind: "cluster", id: site.cluster, count: site.count, x, y, w: item.w, h: item.h, at: [site.x, site.y] });
      }
    },

    gathered({ context, theme }, { site, x, y, w }) {
      context.beginPath();
      context.arc(x, y, w, 0, 7);
      context.fillStyle = theme.halo;
      context.fill();
      context.lineWidth = 2.5;
      context.strokeStyle = theme.accent;
      context.stroke();
      context.fillStyle = theme.ink;
      context.font = `600 12px ${FONT}`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(String(site.count), x, y + 0.5);
      badge(context, site.status, x + w * 0.75, y + w * 0.75, 5.5, theme);
    },

    /** Names of sites, the ones that matter most first, as far as there is room. */
    siteNames(scene) {
      const { context, theme, zoom, focus, items } = scene;
      const rank = ({ site }) => (focus.site === site.key ? 0 : site.role === "base" ? 1 : site.status === "undelivered" ? 2 : 3);
      const labels = items.filter((item) => item.site.cluster === undefined && (zoom >= 10 || rank(item) < 2));
      labels.sort((a, b) => rank(a) - rank(b));
      for (const item of labels) {
        const text = item.site.name || item.site.key;
        const weight = rank(item) < 2 ? "600" : "500";
        context.globalAlpha = !focus.sites || focus.sites.has(item.site.key) ? 1 : 0.45;
        const places = [
          [item.x + item.w + item.badge + 4, item.y, "left"],
          [item.x, item.y + item.h + item.badge + 8, "center"],
          [item.x - item.w - 5, item.y, "right"],
          [item.x, item.y - item.h - 12, "center"],
        ];
        places.some(([x, y, align]) => this.write(scene, text, x, y, `${weight} 12px`, theme.ink, align));
        context.globalAlpha = 1;
      }
    },

    placeNames(scene) {
      const { context, view, theme, zoom, box } = scene;
      const ground = this.view.ground;
      if (!ground || !ground.places) return;
      for (const place of ground.places) {
        const style = PLACES[place.kind] || PLACES.locality;
        if (zoom < style[0] || place.x < box[0] || place.x > box[2] || place.y < box[1] || place.y > box[3]) continue;
        const soft = place.kind === "peak" || place.kind === "pass" || place.kind === "locality" || place.kind === "suburb";
        const x = view.x(place.x), y = view.y(place.y);
        const size = style[1] + Math.max(0, Math.min(3, (zoom - style[0] - 1) * 0.6));
        const shift = style[3] ? 6 : 0;
        if (this.write(scene, place.name, x + shift, y, `${style[2]} ${size}px`, soft ? theme.nameSoft : theme.name, shift ? "left" : "center", 5))
          this.mark(context, theme, style[3], x, y);
      }
    },

    mark(context, theme, kind, x, y) {
      if (!kind) return;
      context.beginPath();
      if (kind === "dot") context.arc(x, y, 2.4, 0, 7);
      else if (kind === "peak") {
        context.moveTo(x - 3.5, y + 2.5);
        context.lineTo(x, y - 3.5);
        context.lineTo(x + 3.5, y + 2.5);
        context.closePath();
      } else {
        context.moveTo(x - 4, y - 2.5);
        context.quadraticCurveTo(x, y + 3, x + 4, y - 2.5);
      }
      context.strokeStyle = theme.halo;
      context.lineWidth = 2;
      context.stroke();
      context.fillStyle = kind === "dot" ? theme.name : theme.nameSoft;
      context.strokeStyle = theme.nameSoft;
      context.lineWidth = 1.3;
      if (kind === "pass") context.stroke();
      else context.fill();
    },

    /** A text with its halo, drawn once: outlines of letters are the slowest thing on the map. */
    label(text, font, width, height, colour, theme) {
      const ratio = window.devicePixelRatio || 1;
      const key = `${text} ${font} ${colour} ${theme.halo} ${ratio}`;
      let canvas = this.labels.get(key);
      if (canvas) return canvas;
      if (this.labels.size > 4000) this.labels.clear();
      canvas = canvasOf((Math.ceil(width) + 6) * ratio, (Math.ceil(height) + 8) * ratio);
      const context = canvas.getContext("2d");
      context.scale(ratio, ratio);
      context.font = font;
      context.textBaseline = "middle";
      context.lineJoin = "round";
      context.lineWidth = 3;
      context.strokeStyle = theme.halo;
      context.strokeText(text, 3, height / 2 + 4);
      context.fillStyle = colour;
      context.fillText(text, 3, height / 2 + 4);
      this.labels.set(key, canvas);
      return canvas;
    },

    /** Writes a text if there is room for it. */
    write({ context, theme, room }, text, x, y, style, colour, align, margin = 2) {
      const font = style.includes("italic") ? style.replace(/italic (\d+) (\S+)/, `italic $1 $2 ${FONT}`) : `${style} ${FONT}`;
      const key = `${font} ${text}`;
      let width = this.widths.get(key);
      context.font = font;
      if (width === undefined) {
        width = context.measureText(text).width;
        this.widths.set(key, width);
      }
      const height = parseFloat(/([\d.]+)px/.exec(style)[1]);
      const left = align === "left" ? x : align === "right" ? x - width : x - width / 2;
      if (!room.take(left - margin, y - height / 2 - margin, width + 2 * margin, height + 2 * margin)) return false;
      // Whole pixels on both sides, or letters would blur.
      const ratio = window.devicePixelRatio || 1;
      const label = this.label(text, font, width, height, colour, theme);
      context.drawImage(label, Math.round(left) - 3, Math.round(y - height / 2) - 4, label.width / ratio, label.height / ratio);
      return true;
    },

    /** The road or bridge that a click would pick. */
    hovered({ context, view, theme }) {
      const road = this.view.candidate;
      if (!road || this.view.mode !== "pick_bridge") return;
      context.beginPath();
      trace(context, view, road.points, 0.5);
      context.lineWidth = 8;
      context.lineCap = "round";
      context.strokeStyle = theme.select;
      context.globalAlpha = 0.8;
      context.stroke();
      // Many a bridge is shorter than a pen is wide.
      const bridge = this.view.ground.bridgeOf && this.view.ground.bridgeOf.get(road.id);
      if (bridge) {
        context.beginPath();
        context.arc(view.x(bridge.x), view.y(bridge.y), 15, 0, 7);
        context.lineWidth = 4;
        context.stroke();
      }
      context.globalAlpha = 1;
    },

    /** What lies under a point of the map's window; symbols before lines before areas. */
    hit(point) {
      const at = this._map.containerPointToLayerPoint(point).add(this._map.getPixelOrigin());
      const x = at.x - this.corner.x, y = at.y - this.corner.y;
      for (let i = this.hits.length - 1; i >= 0; i--) {
        const hit = this.hits[i];
        if (Math.abs(x - hit.x) <= hit.w && Math.abs(y - hit.y) <= hit.h) return hit;
      }
      return this.hitLine(at) || this.hitArea(at);
    },

    /** The bridge whose mark lies under a point of the map's window. */
    bridgeAt(point) {
      const at = this._map.containerPointToLayerPoint(point).add(this._map.getPixelOrigin()).subtract(this.corner);
      let best = null, least = 8;
      for (const hit of this.hits) {
        const far = hit.kind === "bridge" ? Math.hypot(at.x - hit.x, at.y - hit.y) : least;
        if (far < least) [best, least] = [hit.bridge, far];
      }
      return best;
    },

    hitLine(at) {
      const { plan } = this.view, zoom = this._map.getZoom(), focus = this.view.focus();
      const k = worldPixels(zoom) / (2 * HALF_WORLD_M), reach = 40 / k;
      const east = at.x / k - HALF_WORLD_M, north = HALF_WORLD_M - at.y / k;
      let best = null, least = 49;
      for (const leg of plan.legs) {
        const b = leg.box;
        if (east < b[0] - reach || east > b[2] + reach || north < b[1] - reach || north > b[3] + reach) continue;
        const lines = focus.convoy === leg.convoy.key ? [plan.whole(leg, zoom)] : plan.courses(leg, zoom).lines;
        for (const line of lines) {
          if (!meet(line.box, [at.x - 8, at.y - 8, at.x + 8, at.y + 8])) continue;
          const [distance] = nearest(line.points, at.x, at.y);
          if (distance >= least) continue;
          least = distance;
          best = { kind: "convoy", id: leg.convoy.key, name: leg.convoy.name, leg };
        }
      }
      return best;
    },

    hitArea(at) {
      const k = worldPixels(this._map.getZoom()) / (2 * HALF_WORLD_M);
      const east = at.x / k - HALF_WORLD_M, north = HALF_WORLD_M - at.y / k;
      for (const area of [...this.view.plan.areas].reverse())
        if (area.rings.some((ring) => inside(ring, east, north))) return { kind: "area", id: area.key, name: area.name, area };
      return null;
    },
  });

  // ---------------------------------------------------------------- the map on the page

  const make = (tag, className, parent, attributes = {}) => {
    const element = document.createElement(tag);
    element.className = className;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (parent) parent.append(element);
    return element;
  };

  const same = (a, b) => JSON.stringify(a || null) === JSON.stringify(b || null);

  function send(id, data) {
    const dash = window.dash_clientside;
    if (dash && dash.set_props) dash.set_props(id, { data });
  }

  let events = 0;

  class ConvoiMap {
    /** `before`: the view that a map of the same page had, which is written anew, and whether a person chose it. */
    constructor(element, before) {
      this.element = element;
      this.before = before;
      this.page = location.pathname;
      this.plan = new Plan(null);
      this.ground = null;
      this.selection = null;
      this.mode = "look";
      this.words = {};
      this.theme = "light";
      this.given = {};
      this.#build();
    }

    // ------------------------------------------------------------ making it

    #build() {
      const inner = make("div", "convoi-map-window", this.element);
      this.map = L.map(inner, {
        zoomControl: false, attributionControl: false, minZoom: MIN_ZOOM, maxZoom: MAX_ZOOM,
        // Without a graphics card, stretching all canvases takes longer than drawing them anew.
        zoomAnimation: false,
        fadeAnimation: false, markerZoomAnimation: false, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 100,
        wheelDebounceTime: 30, inertiaMaxSpeed: 2500, doubleClickZoom: true, boxZoom: true,
        worldCopyJump: false, center: [45, 2], zoom: 8,
      });
      this.symbols = new Symbols(() => this.overlay && this.overlay.redraw());
      const settled = () => this.#settled();
      this.tiles = new PaintedTiles((...tile) => this.#paintGround(...tile), settled, { pane: "tilePane" }).addTo(this.map);
      this.map.createPane("routePane").style.zIndex = 300;
      this.lines = new PaintedTiles((...tile) => this.#paintPlan(...tile), settled, { pane: "routePane", opaque: false }).addTo(this.map);
      this.overlay = new PlanLayer(this).addTo(this.map);
      this.#furniture(inner);
      this.#pointer();
      this.#keys(inner);
      new ResizeObserver(() => this.#resized()).observe(this.element);
      const root = document.documentElement;
      new MutationObserver(() => this.#dress()).observe(root, {
        attributes: true, attributeFilter: ["data-mantine-color-scheme", "data-theme"],
      });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#dress());
      this.#dress();
      // Writing on a canvas does not wait for its font.
      if (document.fonts) Promise.all(["500 12px", "600 12px", "italic 400 11px"].map((f) => document.fonts.load(`${f} ${FONT}`)))
        .then(() => { this.overlay.widths.clear(); this.overlay.labels.clear(); this.overlay.redraw(); }, () => {});
    }

    #furniture(inner) {
      this.cross = make("div", "convoi-map-cross", inner, { "aria-hidden": "true" });
      this.hint = make("div", "convoi-map-hint", this.element, { role: "status", "data-testid": "map-hint" });
      this.bar = make("div", "convoi-map-bar", this.element, { role: "toolbar", "data-testid": "map-bar" });
      this.said = make("div", "convoi-map-said", this.element, { "aria-live": "polite" });
      this.tip = make("div", "convoi-map-tip", this.element, { role: "tooltip", "data-testid": "map-tip" });
      const buttons = make("div", "convoi-map-buttons", this.element);
      const button = (name, text, act) => {
        const made = make("button", "", buttons, { type: "button", "data-testid": `map-${name}` });
        made.innerHTML = text;
        made.addEventListener("click", act);
        return made;
      };
      const icon = (path) => `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"><path d="${path}"/></svg>`;
      this.buttons = {
        zoom_in: button("zoom-in", icon("M8 3v10M3 8h10"), () => this.map.zoomIn()),
        zoom_out: button("zoom-out", icon("M3 8h10"), () => this.map.zoomOut()),
        fit: button("fit", icon("M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10"), () => this.fit(true)),
      };
      const foot = make("div", "convoi-map-foot", this.element);
      this.legend = make("details", "convoi-map-legend", this.element, { "data-testid": "map-legend" });
      this.scale = L.control.scale({ imperial: false, maxWidth: 120, position: "bottomleft" }).addTo(this.map);
      const scale = this.scale.getContainer();
      scale.setAttribute("data-testid", "map-scale");
      foot.append(scale);
      this.mgrs = make("button", "convoi-map-mgrs", foot, { type: "button", "data-testid": "map-mgrs" });
      this.mgrsText = make("span", "", this.mgrs);
      this.mgrsNote = make("span", "convoi-map-mgrs-note", this.mgrs);
      this.mgrs.addEventListener("click", () => this.#copy());
      this.credit = make("span", "convoi-map-credit", foot);
    }

    #resized() {
      if (!this.element.clientWidth || !this.element.clientHeight) return;
      const first = !this.map.getSize().x;
      this.map.invalidateSize({ animate: false, pan: false });
      if (first || this.unfit || !this.moved) this.fit();
    }

    /** Takes the colours of the page. */
    #dress() {
      const root = document.documentElement;
      const said = root.getAttribute("data-mantine-color-scheme") || root.getAttribute("data-theme");
      const dark = said ? said === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      const theme = dark ? "dark" : "light";
      if (theme === this.theme && this.element.dataset.theme) return;
      this.theme = theme;
      this.element.dataset.theme = theme;
      this.#loadRelief().catch(() => { this.element.dataset.ground = "failed"; }).then(() => this.#tellHint());
      this.#tellHint();
      this.tiles.repaint();
      this.lines.repaint();
      this.overlay.redraw();
      this.#tellLegend();
    }

    // ------------------------------------------------------------ what the page says

    /** Takes what the stores hold; only what changed is drawn anew. */
    take({ ground, plan, selection, mode, words }) {
      const before = this.given;
      this.given = { ground, plan, selection, mode, words };
      if (words && words !== before.words) this.#speak(words);
      if (!same(ground, before.ground) || !("ground" in before)) this.#load(ground);
      if (plan !== before.plan) this.#takePlan(plan);
      if (mode !== before.mode) this.#setMode(mode || "look");
      // What was selected before the page was written anew is where one left it, in view or not.
      if (!same(selection, this.selection)) this.#select(selection, "ground" in before || !this.before);
    }

    #speak(words) {
      this.words = words;
      const window_ = this.map.getContainer();
      window_.setAttribute("role", "application");
      window_.setAttribute("aria-label", words.label);
      for (const [name, button] of Object.entries(this.buttons)) {
        button.title = words[name];
        button.setAttribute("aria-label", words[name]);
      }
      this.mgrs.title = words.mgrs_title;
      if (!this.mgrsText.textContent) this.#tellPosition(null);
      if (this.map.pm) this.map.pm.setLang(words.language === "fr" ? "fr" : "en");
      this.#tellHint();
      this.#tellBar();
      this.#tellLegend();
    }

    #takePlan(data) {
      const had = this.plan.box(), areas = this.drawnAreas;
      this.drawnAreas = data && data.areas;
      this.plan = new Plan(data);
      this.candidate = null;
      if (!same(areas, data && data.areas)) this.tiles.repaint();
      this.lines.repaint();
      this.#fade();
      this.overlay.redraw();
      this.#tellBar();
      this.#tellLegend();
      this.#tellHint();
      if (!had && this.plan.box()) this.fit();
      this.element.dataset.sites = this.plan.sites.length;
      this.element.dataset.routes = this.plan.convoys.length;
    }

    #load(told) {
      const layers = told === AWAITED ? null : told;
      this.ground = null;
      this.painted = false;
      this.element.dataset.ground = layers ? "loading" : told === AWAITED ? AWAITED : "none";
      this.credit.textContent = layers ? layers.attribution || layers.title : "";
      this.credit.title = this.credit.textContent;
      if (!layers) {
        this.tiles.redraw();
        this.#tellHint();
        this.#tellLegend();
        return;
      }
      const ground = (this.ground = new Ground(layers));
      this.fit();
      this.tiles.redraw();
      this.#tellHint();
      const get = (name) => fetch(layers.urls[name]).then((answer) => {
        if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
        return answer.json();
      });
      const shown = (name, take) => get(name).then((document) => {
        if (this.ground !== ground) return;
        take.call(ground, document);
        this.tiles.repaint();
        this.overlay.redraw();
        this.#tellLegend();
      });
      const parts = [
        this.#loadRelief(), shown("roads", ground.takeRoads).then(() => shown("bridges", ground.takeBridges)),
        shown("places", ground.takePlaces), shown("water", ground.takeWater), shown("contours", ground.takeContours),
      ];
      Promise.allSettled(parts).then((done) => {
        if (this.ground !== ground) return;
        // Without a log: the page says what failed, and the server knows why.
        this.element.dataset.ground = done.some((part) => part.status === "rejected") ? "failed" : "ready";
        this.#settled();
        this.#tellHint();
      });
    }

    #loadRelief() {
      const ground = this.ground, theme = this.theme;
      if (!ground || ground.relief[theme] !== undefined) return Promise.resolve();
      ground.relief[theme] = null;
      return fetch(ground.layers.urls[`relief-${theme}`]).then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.blob();
      }).then((blob) => createImageBitmap(blob)).then((image) => {
        ground.relief[theme] = image;
        if (this.ground === ground) this.tiles.repaint();
      });
    }

    #paintGround(context, view, across) {
      const theme = THEMES[this.theme];
      if (this.ground) this.ground.paint(context, view, across, across, this.theme);
      else {
        context.fillStyle = theme.paper;
        context.fillRect(0, 0, across, across);
      }
      const box = view.box(across, across, 12);
      for (const area of this.plan.areas)
        if (meet(area.box, box) && this.editing !== area.key) paintArea({ context, view, theme }, area);
    }

    #paintPlan(context, view, across) {
      const { plan } = this, theme = THEMES[this.theme], { zoom } = view;
      const scene = { context, view, theme, zoom, width: across, height: across };
      const box = view.box(across, across, 40);
      context.lineJoin = "round";
      const seen = plan.legs.filter((leg) => meet(leg.box, box));
      for (const leg of seen) plan.courses(leg, zoom);
      const width = routeWidth(zoom);
      for (const [slots, beds] of grouped(seen.flatMap((leg) => leg.beds), (bed) => bed.slots))
        strokeLines(scene, beds.map((bed) => bed.line), theme.casing, (slots - 1) * Plan.spacing(zoom, slots) + width + 2);
      this.strokeRoutes(scene, seen, (leg) => leg.lines, false);
    }

    /** Draws lines of legs in the colours of their convoys, with their arrowheads. */
    strokeRoutes(scene, legs, linesOf, chosen) {
      const { context, theme, zoom } = scene, width = routeWidth(zoom);
      const groups = [...grouped(legs, (leg) => this.colour(leg.convoy))];
      for (const [colour, group] of groups)
        for (const schematic of [false, true])
          strokeLines(scene, group.filter((leg) => leg.schematic === schematic).flatMap(linesOf), colour, width, schematic ? [7, 6] : []);
      for (const [colour, group] of groups) {
        context.beginPath();
        for (const line of onCanvas(scene, group.flatMap(linesOf))) addHeads(scene, line, width + (chosen ? 2.6 : 1.9));
        context.fillStyle = colour;
        context.strokeStyle = theme.casing;
        context.lineWidth = 0.8;
        if (chosen) context.stroke();
        context.fill();
      }
    }

    #settled() {
      const settled = !this.tiles.queue.length && !this.lines.queue.length;
      this.element.dataset.settled = String(settled);
      if (!settled || this.painted || this.element.dataset.ground !== "ready") return;
      this.painted = true;
      this.#tellHint();
    }

    // ------------------------------------------------------------ what is chosen

    focus() {
      const { selection, plan } = this;
      if (!selection) return {};
      const { kind, id } = selection;
      if (kind === "convoy" || kind === "trip" || kind === "leg") {
        // A trip is called convoy/number and a leg convoy/number/number.
        const convoy = plan.convoyOf.get(kind === "convoy" ? id : id.split("/")[0]);
        if (!convoy) return {};
        const name = `leg:${id}`;
        const leg = kind === "convoy" ? null : (l) => l.convoy === convoy && (l.id === name || l.id.startsWith(`${name}/`));
        return { convoy: convoy.key, convoys: new Set([convoy.key]), sites: convoy.sites, leg };
      }
      if (kind === "site" || kind === "demand") {
        const site = plan.siteOf.get(kind === "site" ? id : selection.site);
        if (!site) return {};
        const visiting = plan.convoys.filter((convoy) => convoy.sites.has(site.key));
        return { site: site.key, sites: new Set([site.key, ...visiting.flatMap((convoy) => [...convoy.sites])]),
                 convoys: new Set(visiting.map((convoy) => convoy.key)) };
      }
      return kind === "area" ? { area: id } : kind === "change" ? { change: id } : {};
    }

    /** Marks something; what was chosen elsewhere is brought into sight. */
    #select(selection, fromOutside) {
      this.selection = selection || null;
      this.element.dataset.selected = selection ? `${selection.kind}:${selection.id}` : "";
      this.#fade();
      this.overlay.redraw();
      this.#tellBar();
      const name = selection ? this.nameOf(selection) : null;
      this.said.textContent = name ? (this.words.selected || "{name}").replace("{name}", name) : selection ? "" : this.words.unselected || "";
      if (fromOutside && selection) this.#show(this.boxOf(selection));
    }

    /** All routes stand back while some are chosen; the chosen ones are drawn over them. */
    #fade() {
      this.map.getPane("routePane").style.opacity = this.focus().convoys ? THEMES[this.theme].faint : 1;
    }

    nameOf({ kind, id, site }) {
      const found = {
        convoy: () => this.plan.convoyOf.get(id), trip: () => this.plan.convoyOf.get(id.split("/")[0]),
        leg: () => this.plan.convoyOf.get(id.split("/")[0]), site: () => this.plan.siteOf.get(id),
        demand: () => this.plan.siteOf.get(site), area: () => this.plan.areas.find((a) => a.key === id),
        change: () => this.plan.changes.find((c) => c.key === id),
      }[kind];
      const thing = found && found();
      return thing ? thing.name : null;
    }

    boxOf(selection) {
      const focus = this.focus.call({ selection, plan: this.plan });
      if (focus.leg || focus.convoy) {
        const legs = this.plan.convoyOf.get(focus.convoy).legs.filter((leg) => !focus.leg || focus.leg(leg));
        return legs.length ? united(legs.map((leg) => leg.box)) : null;
      }
      if (focus.site) {
        const { x, y } = this.plan.siteOf.get(focus.site);
        return [x, y, x, y];
      }
      const area = this.plan.areas.find((a) => a.key === focus.area);
      if (area) return area.box;
      const change = this.plan.changes.find((c) => c.key === focus.change);
      const at = change && this.placeOf(change);
      return at ? [at[0], at[1], at[0], at[1]] : null;
    }

    /** Where a change is: where it says, else on the road that it names. */
    placeOf(change) {
      if (change.x !== null) return [change.x, change.y];
      if (!change.road || !this.ground || !this.ground.roads) return null;
      const bridge = this.ground.bridges && this.ground.bridges.find((b) => b.id === change.road || b.way === change.road);
      if (bridge) return [bridge.x, bridge.y];
      const road = this.ground.roads.items.find((r) => r.id === change.road || r.way === change.road);
      if (!road) return null;
      const middle = 2 * Math.floor(road.points.length / 4);
      return [road.points[middle], road.points[middle + 1]];
    }

    #bounds(box) {
      const [west, south] = lonLat(box[0], box[1]), [east, north] = lonLat(box[2], box[3]);
      return L.latLngBounds([south, west], [north, east]);
    }

    #show(box) {
      if (!box) return;
      const bounds = this.#bounds(box);
      const size = this.map.getSize();
      const inner = L.latLngBounds(this.map.containerPointToLatLng([20, 20]), this.map.containerPointToLatLng(size.subtract([20, 20])));
      if (inner.contains(bounds)) return;
      const zoom = Math.min(this.map.getZoom(), this.map.getBoundsZoom(bounds, false, L.point(60, 60)));
      this.map.setView(bounds.getCenter(), zoom, { animate: false });
    }

    fit(asked = false) {
      const box = this.plan.box() || (this.ground && this.ground.bounds);
      this.unfit = !box || !this.element.clientWidth;
      if (!box || !this.element.clientWidth) return;
      if (this.before && !asked) {
        this.map.setView(this.before.center, this.before.zoom, { animate: false });
        this.moved = this.before.moved;
        return;
      }
      // Below stand the scale and the position of the pointer.
      this.map.fitBounds(this.#bounds(box), { paddingTopLeft: [30, 30], paddingBottomRight: [30, 52], maxZoom: 14, animate: false });
      this.moved = false;
    }

    colour(convoy) {
      if (convoy.colour) return convoy.colour;
      const colours = ROUTE_COLOURS[this.theme];
      return colours[convoy.number % colours.length];
    }

    #choose(hit) {
      const next = hit ? { kind: hit.kind, id: hit.id } : null;
      this.#select(next, false);
      send("map-selection", next);
      this.#tell("select", next || { kind: null, id: null });
    }

    #tell(type, more = {}) {
      events += 1;
      this.last = { type, ...more, n: events };
      send("map-event", this.last);
    }

    // ------------------------------------------------------------ pointer and keys

    #pointer() {
      const { map } = this;
      // Until somebody moves it, the map shows everything, whatever becomes of its size.
      map.on("movestart", () => { this.moved = true; });
      map.on("click", (event) => this.#clicked(event.latlng, event.containerPoint));
      map.on("contextmenu", (event) => { this.#pin(event.latlng); this.#copy(); });
      let waiting = null;
      map.on("mousemove", (event) => {
        if (!waiting) requestAnimationFrame(() => { const e = waiting; waiting = null; if (e) this.#moved(e); });
        waiting = event;
      });
      map.on("mouseout", () => { waiting = null; this.tip.classList.remove("shown"); this.#tellPosition(this.pinned); });
      map.on("movestart", () => this.tip.classList.remove("shown"));
      map.on("pm:create", ({ layer }) => {
        map.removeLayer(layer);
        this.#tell("area_drawn", { polygon: this.#ring(layer) });
        this.#backToLook();
      });
    }

    #moved({ latlng, containerPoint }) {
      this.#tellPosition(latlng);
      if (this.map.dragging.moving && this.map.dragging.moving()) return;
      if (this.mode === "draw_area") return;
      const hit = this.mode === "pick_bridge" ? null : this.overlay.hit(containerPoint);
      if (this.mode === "pick_bridge") {
        const near = this.#roadAt(latlng, containerPoint);
        const road = near && near.road;
        if (road !== this.candidate) {
          this.candidate = road;
          this.overlay.redraw();
        }
        this.#tip(containerPoint, road ? this.#roadText(road) : "");
        return;
      }
      this.map.getContainer().style.cursor = hit && hit.kind !== "bridge" ? "pointer" : "";
      this.#tip(containerPoint, hit ? this.#hitText(hit) : "");
    }

    #hitText(hit) {
      const { words } = this;
      if (hit.kind === "cluster") return words.cluster.replace("{count}", hit.count);
      if (hit.kind === "bridge") return this.#bridgeText(hit.bridge);
      const state = hit.status && words[`status_${hit.status}`];
      const kind = hit.area ? words[`area_${hit.area.kind}`] : null;
      const way = hit.leg && hit.leg.properties.origin_name ? `${hit.leg.properties.origin_name} → ${hit.leg.properties.destination_name}` : null;
      return [hit.name || hit.id, state, kind, way].filter(Boolean).join("\n");
    }

    #bridgeText(bridge) {
      const { words } = this;
      const load = bridge.wheeled === bridge.tracked ? `MLC ${bridge.wheeled}` : `MLC ${bridge.wheeled} / ${bridge.tracked}`;
      const both = bridge.wheeled === bridge.tracked ? "" : ` (${words.bridge_both})`;
      return `${load}${both}\n${bridge.stated ? words.bridge_stated : words.bridge_assumed}`;
    }

    #roadText(road) {
      const bridge = this.ground.bridgeOf && this.ground.bridgeOf.get(road.id);
      return [road.name || this.words[`road_${road.tier}`], bridge && this.#bridgeText(bridge)].filter(Boolean).join("\n");
    }

    #tip(point, text) {
      this.tip.textContent = text;
      this.tip.classList.toggle("shown", Boolean(text));
      if (!text) return;
      const right = point.x > this.map.getSize().x - 290;
      this.tip.style.transform = `translate(${Math.round(point.x + (right ? -14 : 16))}px, ${Math.round(point.y + 14)}px)${right ? " translateX(-100%)" : ""}`;
    }

    #roadAt(latlng, point) {
      if (!this.ground || !this.ground.roads) return null;
      // From afar a bridge is shorter than its mark is wide: who points at the mark means the bridge.
      const bridge = this.overlay.bridgeAt(point), road = bridge && this.ground.roadOf(bridge);
      if (road) return { road, at: [bridge.x, bridge.y] };
      const [x, y] = metres(latlng.lng, latlng.lat);
      const zoom = this.map.getZoom();
      return this.ground.roadNear(x, y, (14 * 2 * HALF_WORLD_M) / worldPixels(zoom), zoom);
    }

    #clicked(latlng, point) {
      if (this.mode === "draw_area" || this.editing) return;
      if (this.mode === "pick_bridge") return this.#picked(latlng, point);
      const hit = this.overlay.hit(point);
      if (hit && hit.kind === "cluster") {
        const zoom = Math.min(CLUSTER_TO_ZOOM, this.plan.cluster.getClusterExpansionZoom(hit.id));
        const [lon, lat] = lonLat(...hit.at);
        this.map.setView([lat, lon], Math.max(zoom, this.map.getZoom() + 1), { animate: false });
        return undefined;
      }
      if (!hit || hit.kind === "bridge") this.#pin(latlng);
      const chosen = hit && hit.kind !== "bridge" ? hit : null;
      if (chosen || this.selection) this.#choose(chosen);
      return undefined;
    }

    #picked(latlng, point) {
      const near = this.#roadAt(latlng, point);
      // Where roads are known, a click beside all of them means nothing.
      if (!near && this.ground && this.ground.roads) return;
      let more = { lon: latlng.lng, lat: latlng.lat };
      if (near) {
        const bridge = this.ground.bridgeOf && this.ground.bridgeOf.get(near.road.id);
        const [lon, lat] = lonLat(...(bridge ? [bridge.x, bridge.y] : near.at));
        more = { lon, lat, road: near.road.id, way: near.road.way, name: near.road.name, bridge: Boolean(near.road.flags & 1),
                 ...(bridge ? { wheeled: bridge.wheeled, tracked: bridge.tracked, stated: bridge.stated } : {}) };
      }
      more.lon = Math.round(more.lon * 1e6) / 1e6;
      more.lat = Math.round(more.lat * 1e6) / 1e6;
      this.candidate = null;
      this.#tell("bridge_picked", more);
      this.#backToLook();
    }

    #keys(inner) {
      // Not :focus-visible, for Leaflet gives the focus by script also after a click.
      inner.addEventListener("keydown", () => inner.classList.add("by-keys"));
      inner.addEventListener("keyup", () => inner.classList.add("by-keys"));
      for (const type of ["pointerdown", "blur"]) inner.addEventListener(type, () => inner.classList.remove("by-keys"));
      inner.addEventListener("keydown", (event) => {
        if (event.target !== inner || event.key !== "Enter" || this.editing) return;
        const point = this.map.getSize().divideBy(2);
        this.#clicked(this.map.containerPointToLatLng(point), point);
      });
      document.addEventListener("keydown", (event) => {
        if (!this.element.isConnected) return;
        const within = this.element.contains(document.activeElement);
        const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement && document.activeElement.tagName);
        if (event.key === "Escape" && !event.defaultPrevented && !typing) this.#escape(within);
        else if (event.key === "Enter" && this.editing && !typing) this.#endEdit(true);
        else if (event.key === "Delete" && within && this.selection && this.selection.kind === "area") this.#delete();
      });
    }

    #escape(within) {
      if (this.editing) this.#endEdit(false);
      else if (this.mode !== "look") {
        this.#backToLook();
        this.#tell("escape");
      } else if (within) {
        if (this.selection) this.#choose(null);
        else this.#tell("escape");
      }
    }

    // ------------------------------------------------------------ drawing and changing areas

    #setMode(mode) {
      if (this.editing) this.#endEdit(false);
      this.mode = mode;
      // Under the hand of who draws or picks the map stays where it is.
      if (mode !== "look") this.moved = true;
      this.element.dataset.mode = mode;
      this.candidate = null;
      this.tip.classList.remove("shown");
      const { pm } = this.map;
      if (mode === "draw_area") {
        const colour = THEMES[this.theme].no_go;
        const line = { color: colour, weight: 2.5 };
        pm.enableDraw("Polygon", { snappable: false, tooltips: false, allowSelfIntersection: false,
                                   templineStyle: line, hintlineStyle: { ...line, dashArray: "5 5" }, pathOptions: { ...line, fillOpacity: 0.2 } });
      } else if (pm.globalDrawModeEnabled()) pm.disableDraw();
      this.map.getContainer().style.cursor = mode === "pick_bridge" ? "crosshair" : "";
      this.#tellHint();
      this.#tellBar();
      this.overlay.redraw();
    }

    #backToLook() {
      this.#setMode("look");
      this.given.mode = "look";
      send("map-mode", "look");
    }

    #ring(layer) {
      return layer.getLatLngs()[0].map(({ lat, lng }) => [Math.round(lng * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6]);
    }

    #edit(id) {
      const area = this.plan.areas.find((a) => a.key === id);
      if (!area || area.geometry.type !== "Polygon") return;
      this.editing = id;
      this.map.fitBounds(this.#bounds(area.box), { padding: [90, 90], maxZoom: 15, animate: false });
      const ring = area.geometry.coordinates[0].slice(0, -1).map(([lon, lat]) => [lat, lon]);
      const colour = THEMES[this.theme][area.kind];
      this.shape = L.polygon(ring, { color: colour, weight: 2.5, fillOpacity: 0.18 }).addTo(this.map);
      this.shape.pm.enable({ allowSelfIntersection: false, snappable: false });
      this.tiles.repaint();
      this.overlay.redraw();
      this.#tellHint();
      this.#tellBar();
    }

    #endEdit(keep) {
      const id = this.editing, { shape } = this;
      this.editing = null;
      this.shape = null;
      shape.pm.disable();
      shape.remove();
      this.tiles.repaint();
      if (keep) this.#tell("area_edited", { id, polygon: this.#ring(shape) });
      this.overlay.redraw();
      this.#tellHint();
      this.#tellBar();
    }

    #delete() {
      const { id } = this.selection;
      this.#choose(null);
      this.#tell("area_deleted", { id });
    }

    // ------------------------------------------------------------ what is written around

    #tellHint() {
      const { words } = this;
      const state = this.element.dataset.ground;
      const late = !this.painted || (this.ground && this.ground.relief[this.theme] === null);
      const text = this.editing ? words.edit_hint
        : this.mode === "draw_area" ? words.draw_hint
        : this.mode === "pick_bridge" ? words.pick_hint
        : state === AWAITED || state === "loading" || (state === "ready" && late) ? words.loading
        : state === "failed" ? words.failed
        : state === "none" && this.given.plan && !this.plan.box() ? words.no_place
        : state === "none" && this.given.plan ? words.no_ground : "";
      this.hint.textContent = text || "";
      this.hint.classList.toggle("shown", Boolean(text));
      this.hint.classList.toggle("busy", text === words.loading && Boolean(text));
    }

    #tellBar() {
      const { words, selection } = this;
      this.bar.replaceChildren();
      const area = selection && selection.kind === "area" && this.plan.areas.find((a) => a.key === selection.id);
      const shown = Boolean(this.editing || (area && this.mode === "look"));
      this.bar.classList.toggle("shown", shown);
      if (!shown) return;
      const button = (name, act) => {
        const made = make("button", "", this.bar, { type: "button", "data-testid": `map-${name.replace("_", "-")}` });
        made.textContent = words[name];
        made.addEventListener("click", act);
      };
      if (this.editing) {
        button("keep", () => this.#endEdit(true));
        button("give_up", () => this.#endEdit(false));
        return;
      }
      make("span", "", this.bar).textContent = area.name;
      if (area.geometry.type === "Polygon") button("edit", () => this.#edit(area.key));
      button("delete", () => this.#delete());
    }

    #tellPosition(latlng) {
      if (!latlng) {
        this.mgrsText.textContent = "MGRS —";
        this.mgrsNote.textContent = "";
        return;
      }
      this.mgrsNote.textContent = latlng && latlng === this.pinned ? this.words.copy : "";
      this.mgrsText.textContent = mgrsOf(latlng);
    }

    #pin(latlng) {
      this.pinned = latlng;
      this.#tellPosition(latlng);
    }

    #copy() {
      const at = this.pinned || this.map.getCenter();
      const text = mgrsOf(at);
      this.mgrsText.textContent = text;
      const done = () => {
        this.mgrsNote.textContent = this.words.copied;
        this.said.textContent = `${this.words.copied} ${text}`;
      };
      if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, () => {});
    }

    #tellLegend() {
      const { words, ground, plan, legend } = this;
      if (!words.legend) return;
      const open = legend.open;
      legend.replaceChildren();
      make("summary", "", legend).textContent = words.legend;
      const body = make("div", "convoi-map-legend-body", legend);
      const theme = THEMES[this.theme];
      const ratio = window.devicePixelRatio || 1;
      const row = (text, paint) => {
        const line = make("div", "convoi-map-key", body);
        const canvas = canvasOf(34 * ratio, 18 * ratio);
        canvas.setAttribute("aria-hidden", "true");
        const context = canvas.getContext("2d");
        context.scale(ratio, ratio);
        context.lineJoin = "round";
        paint(context);
        line.append(canvas);
        make("span", "", line).textContent = text;
      };
      const head = (text) => { make("h4", "", body).textContent = text; };
      const line = (context, width, colour, dash = []) => {
        context.beginPath();
        context.moveTo(2, 9);
        context.lineTo(32, 9);
        context.lineWidth = width;
        context.strokeStyle = colour;
        context.setLineDash(dash);
        context.stroke();
        context.setLineDash([]);
      };
      const states = ["delivered", "partly_delivered", "undelivered"].filter((s) => plan.sites.some((site) => site.status === s));
      if (states.length) head(words.sites);
      for (const state of states) row(words[`status_${state}`], (context) => badge(context, state, 17, 9, 6, theme));
      if (plan.legs.length) {
        head(words.routes);
        const colour = ROUTE_COLOURS[this.theme][0];
        row(words.route, (context) => {
          line(context, 3, colour);
          context.beginPath();
          for (const [x, y] of [[24, 9], [14, 14], [17, 9], [14, 4]]) context.lineTo(x, y);
          context.closePath();
          context.fillStyle = colour;
          context.fill();
        });
        if (plan.legs.some((leg) => leg.schematic)) row(words.route_schematic, (context) => line(context, 3, colour, [6, 5]));
      }
      const kinds = [...new Set(plan.areas.map((area) => area.kind))];
      if (kinds.length) head(words.areas);
      for (const kind of kinds) row(words[`area_${kind}`], (context) => {
        context.fillStyle = context.createPattern(hatching(kind, theme[kind]), "repeat");
        context.strokeStyle = theme[kind];
        context.lineWidth = 1.5;
        context.fillRect(3, 2, 28, 14);
        context.strokeRect(3, 2, 28, 14);
      });
      const changes = [...new Map(plan.changes.map((change) => [change.kind, change])).values()];
      if (changes.length) head(words.changes);
      for (const change of changes) row(words[`change_${change.kind}`], (context) => {
        context.translate(17, 9);
        context.scale(0.8, 0.8);
        changeSign(context, change, 0, 0, theme);
      });
      if (ground && ground.bridges && ground.bridges.length) {
        head(words.bridges);
        for (const stated of [true, false])
          if (ground.bridges.some((bridge) => bridge.stated === stated))
            row(words[stated ? "bridge_stated" : "bridge_assumed"], (context) => classSign(context, "60", 17, 9, stated, theme));
      }
      if (ground && ground.present) {
        head(words.roads);
        for (const tier of [...ground.tiers].reverse()) {
          if (!ground.present.has(tier)) continue;
          const [fill, casing] = theme.roads[tier];
          row(words[`road_${tier}`], (context) => {
            const width = ROADS[tier][1] + 0.8;
            if (casing) line(context, width + 1.8, casing);
            line(context, width, fill, casing ? [] : tier === "path" ? [3, 2.5] : [6, 2.5]);
          });
        }
        if (ground.interval) row(words.contours.replace("{interval}", ground.interval), (context) => line(context, 1.2, theme.contourHeavy));
      }
      legend.open = open;
      legend.hidden = !body.childElementCount;
    }
  }

  /** MGRS as it is read out: zone, square, easting, northing to a metre. */
  function mgrsOf({ lat, lng }) {
    if (lat < -80 || lat > 84) return "—";
    const text = window.mgrs.forward([((((lng + 180) % 360) + 360) % 360) - 180, lat], 5);
    const parts = /^(\d{1,2}[A-Z])([A-Z]{2})(\d{5})(\d{5})$/.exec(text);
    return parts ? parts.slice(1).join(" ") : text;
  }

  // ---------------------------------------------------------------- for Dash

  const maps = new WeakMap();
  let last = null;

  function mapOn(element) {
    if (!maps.has(element)) {
      // In another language the page is written anew, and one goes on where one was.
      const seen = last && last.page === location.pathname && (last.moved || last.unfit === false);
      const before = seen ? { center: last.map.getCenter(), zoom: last.map.getZoom(), moved: last.moved } : null;
      last = new ConvoiMap(element, before);
      maps.set(element, last);
    }
    return maps.get(element);
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.convoi_map = {
    draw(ground, plan, selection, mode, words) {
      const element = document.getElementById("map");
      if (element) mapOn(element).take({ ground, plan, selection, mode, words });
    },
  };

  // For tests of the page and measurements: where a thing is in the window, and what was last told.
  window.convoi_map = {
    get map() { return maps.get(document.getElementById("map")); },
    where(kind, id) {
      const view = this.map;
      const at = (x, y) => {
        const [lon, lat] = lonLat(x, y);
        const point = view.map.latLngToContainerPoint([lat, lon]);
        const corner = view.map.getContainer().getBoundingClientRect();
        return { x: corner.x + point.x, y: corner.y + point.y };
      };
      if (kind === "position") return at(...metres(...id));
      if (kind === "convoy" || kind === "leg") {
        // A point of the line as it is drawn, in the middle of its longest leg.
        const legs = kind === "convoy" ? (view.plan.convoyOf.get(id) || { legs: [] }).legs : view.plan.legs.filter((leg) => leg.id === id);
        if (!legs.length) return null;
        const leg = legs.reduce((a, b) => (a.points.length > b.points.length ? a : b));
        const zoom = view.map.getZoom(), course = view.plan.whole(leg, zoom).points, k = worldPixels(zoom) / (2 * HALF_WORLD_M);
        const i = 2 * Math.floor(course.length / 4);
        return at(course[i] / k - HALF_WORLD_M, HALF_WORLD_M - course[i + 1] / k);
      }
      const box = view.boxOf({ kind, id });
      return box && at((box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
    },
  };
})();
