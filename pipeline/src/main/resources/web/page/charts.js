import uPlot from "/webjars/uplot/dist/uPlot.esm.js";
import { el, setText } from "./dom.js";

const HEIGHT = 168;

const dark = matchMedia("(prefers-color-scheme: dark)");

/**
 * A chart over time with its title, a legend that shows the values under the pointer or else the
 * latest, and a sentence for those who cannot see it.
 *
 * @param {Element} parent empty
 * @param {string} title with the unit
 * @param {Array<{label: string, color: string, dash?: number[]}>} series color: a custom property
 * @param {"lines"|"bars"} kind bars are stacked, the first at the bottom
 * @param {function} text a value in words
 */
export class Chart {
  #title;
  #series;
  #kind;
  #text;
  #canvas = el("div.canvas", { role: "img" });
  #values;
  #at = el("span.at");
  #plot = null;
  #times = [];
  #columns;

  constructor(parent, { title, series, kind, text }) {
    this.#title = title;
    this.#series = series;
    this.#kind = kind;
    this.#text = text;
    this.#columns = series.map(() => []);
    this.#values = series.map(() => el("b"));
    const legend = el(
      "p.legend",
      { "aria-hidden": "true" },
      ...series.map(({ label, color }, i) =>
        el("span", {}, el(`i.${color.slice(2)}`), `${label} `, this.#values[i]),
      ),
      this.#at,
    );
    parent.replaceChildren(el("h3", {}, title), legend, this.#canvas);
    new ResizeObserver(() => this.#fit()).observe(this.#canvas);
    dark.addEventListener("change", () => this.#rebuild());
  }

  /**
   * @param {number[]} times in seconds, rising
   * @param {Array<Array<number|null>>} columns one for each series
   */
  show(times, columns) {
    this.#times = times;
    this.#columns = columns;
    if (this.#plot === null) {
      this.#rebuild();
    } else {
      this.#plot.setData(this.#data());
    }
    this.#explain(this.#plot?.cursor.idx ?? null);
    const latest = this.#series.map(({ label }, i) => `${label} ${this.#shown(i, times.length - 1)}`);
    const text = times.length === 0 ? "nothing yet" : `latest: ${latest.join(", ")}`;
    this.#canvas.setAttribute("aria-label", `Chart of ${this.#title}; ${text}`);
  }

  /** Stacked, each series reaches from zero to its sum with those below; the tallest is drawn first. */
  #data() {
    if (this.#kind === "lines") {
      return [this.#times, ...this.#columns];
    }
    const sums = this.#times.map(() => 0);
    const stacked = this.#columns.map((column) => column.map((value, i) => (sums[i] += value ?? 0)));
    return [this.#times, ...stacked.reverse()];
  }

  #shown(series, index) {
    const value = this.#columns[series][index];
    return value === null || value === undefined ? "none" : this.#text(value);
  }

  #explain(index) {
    const last = this.#times.length - 1;
    this.#values.forEach((element, i) => setText(element, last < 0 ? "" : this.#shown(i, index ?? last)));
    setText(
      this.#at,
      index === null ? "" : `at ${new Date(this.#times[index] * 1000).toLocaleTimeString()}`,
    );
  }

  #fit() {
    const width = this.#canvas.clientWidth;
    if (this.#plot !== null && width > 0 && width !== this.#plot.width) {
      this.#plot.setSize({ width, height: HEIGHT });
    } else if (this.#plot === null && this.#times.length > 0) {
      this.#rebuild();
    }
  }

  #rebuild() {
    this.#plot?.destroy();
    this.#plot = null;
    const width = this.#canvas.clientWidth;
    if (width > 0) {
      this.#plot = new uPlot(this.#options(width), this.#data(), this.#canvas);
    }
  }

  #options(width) {
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    const font = `12px ${style.fontFamily}`;
    const axis = {
      stroke: color("--quiet"),
      font,
      grid: { stroke: color("--grid"), width: 1 },
      ticks: { show: false },
    };
    const series = this.#series.map(({ color: name, dash }) =>
      this.#kind === "lines"
        ? { stroke: color(name), width: 1.75, dash, points: { show: false } }
        : {
            stroke: color(name),
            fill: color(name),
            width: 0,
            points: { show: false },
            paths: uPlot.paths.bars({ size: [0.8, 24], gap: 1 }),
          },
    );
    return {
      width,
      height: HEIGHT,
      legend: { show: false },
      padding: [8, 28, 0, 0],
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: this.#kind === "lines" ? {} : { show: false },
      },
      scales: { y: { range: (plot, low, high) => [0, high > 0 ? high * 1.08 : 1] } },
      axes: [
        { ...axis, space: 96, size: 30, values: (plot, splits) => splits.map(clockOf(splits)) },
        { ...axis, size: 62, space: 32, values: (plot, splits) => splits.map(this.#text) },
      ],
      series: [{}, ...(this.#kind === "lines" ? series : series.reverse())],
      hooks: { setCursor: [(plot) => this.#explain(plot.cursor.idx ?? null)] },
    };
  }
}

/** Seconds only where the axis has them. */
function clockOf(splits) {
  const hasSeconds = splits.some((at) => at % 60 !== 0);
  const format = new Intl.DateTimeFormat(undefined, { timeStyle: hasSeconds ? "medium" : "short" });
  return (at) => format.format(new Date(at * 1000));
}
