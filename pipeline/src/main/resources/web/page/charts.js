import "/echarts/echarts.common.min.js";
import { el, setText } from "./dom.js";
import { minute, second } from "./format.js";

const { echarts } = globalThis;

const MINUTE = 60_000;

/** Pixels: what lies left and right of the plot, and the least between two times on its axis. */
const LEFT = 62;
const RIGHT = 28;
const TIME_WIDTH = 70;

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
  #pointed = null;
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
    new ResizeObserver(() => this.#draw()).observe(this.#canvas);
    dark.addEventListener("change", () => this.#draw());
  }

  /**
   * @param {number[]} times in milliseconds, rising
   * @param {Array<Array<number|null>>} columns one for each series
   */
  show(times, columns) {
    this.#times = times;
    this.#columns = columns;
    if (this.#plot === null) {
      this.#draw();
    } else {
      this.#plot.setOption({ series: this.#data() });
    }
    this.#explain();
    const latest = this.#series.map(({ label }, i) => `${label} ${this.#shown(i, times.length - 1)}`);
    const text = times.length === 0 ? "nothing yet" : `latest: ${latest.join(", ")}`;
    this.#canvas.setAttribute("aria-label", `Chart of ${this.#title}; ${text}`);
  }

  /** Lines have dots only where a value is between two gaps, and would not be seen. */
  #data() {
    return this.#columns.map((column) => ({
      data: column.map((value, i) => [this.#times[i], value]),
      showSymbol: column.some(
        (value, i) => value !== null && (column[i - 1] ?? null) === null && (column[i + 1] ?? null) === null,
      ),
    }));
  }

  #shown(series, index) {
    const value = this.#columns[series][index];
    return value === null || value === undefined ? "none" : this.#text(value);
  }

  #explain() {
    const last = this.#times.length - 1;
    const index = this.#times.indexOf(this.#pointed);
    this.#values.forEach((element, i) =>
      setText(element, last < 0 ? "" : this.#shown(i, index < 0 ? last : index)),
    );
    setText(this.#at, index < 0 ? "" : `at ${second(this.#pointed)}`);
  }

  /** Draws all of it anew, which a change of the width, the colours or the screen needs. */
  #draw() {
    if (this.#canvas.clientWidth === 0 || this.#times.length === 0) {
      return;
    }
    if (this.#plot?.getDevicePixelRatio() !== devicePixelRatio) {
      this.#plot?.dispose();
      this.#plot = echarts.init(this.#canvas, null, { devicePixelRatio });
      this.#plot.on("updateAxisPointer", ({ axesInfo }) => {
        this.#pointed = axesInfo[0]?.value ?? null;
        this.#explain();
      });
    }
    this.#plot.resize();
    this.#plot.setOption(this.#options());
  }

  #options() {
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    const data = this.#data();
    const width = this.#canvas.clientWidth - LEFT - RIGHT;
    const axis = { axisLine: { show: false }, axisTick: { show: false } };
    const splitLine = { show: true, lineStyle: { color: color("--grid") } };
    const label = { color: color("--quiet"), fontSize: 12, fontFamily: style.fontFamily };
    return {
      animation: false,
      grid: { top: 8, right: RIGHT, bottom: 26, left: LEFT },
      xAxis: {
        ...axis,
        type: "time",
        splitLine: { ...splitLine, showMinLine: false },
        // A single time would be in the middle of two days.
        min: ({ min, max }) => (min === max ? min - MINUTE : null),
        max: ({ min, max }) => (min === max ? max + MINUTE : null),
        splitNumber: Math.max(1, Math.floor(width / TIME_WIDTH)),
        axisLabel: { ...label, hideOverlap: true, formatter: clock },
        axisPointer: {
          show: true,
          snap: true,
          label: { show: false },
          lineStyle: { color: color("--quiet") },
        },
      },
      yAxis: {
        ...axis,
        type: "value",
        splitLine,
        min: 0,
        splitNumber: 4,
        axisLabel: { ...label, formatter: this.#text },
      },
      series: this.#series.map(({ label: name, color: property, dash }, i) => ({
        ...data[i],
        ...(this.#kind === "lines" ? line(color(property), dash) : bar(color(property))),
        name,
        silent: true,
      })),
    };
  }
}

function line(color, dash) {
  const lineStyle = { color, width: 1.75, type: dash ?? "solid" };
  return {
    type: "line",
    symbol: "circle",
    symbolSize: 5,
    itemStyle: { color },
    lineStyle,
    emphasis: { lineStyle },
  };
}

function bar(color) {
  return {
    type: "bar",
    stack: "all",
    barMaxWidth: 24,
    itemStyle: { color },
    emphasis: { disabled: true },
  };
}

/** A time of day, with seconds only where it has them. */
const clock = (at) => (at % MINUTE === 0 ? minute : second)(at);
