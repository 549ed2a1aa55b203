"use strict";

/* Draws every chart of the page with ECharts. The colours are the page's own, so that a change
   between light, dark and paper needs no new drawing. */
(() => {
  const PALETTE = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6"];
  const TONES = { good: "--good", bad: "--bad", quiet: "--c6" };
  const SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"];
  const DASHES = ["solid", "dashed", "dotted"];
  const PRINT_WIDTH = 680;
  const MOST_SYMBOLS = 60;
  const MOST_PRINTED_ROWS = 40;

  const FONT = getComputedStyle(document.body).fontFamily;

  const colour = (name) => `var(${name})`;
  const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
  const precise = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });
  const number = (value) =>
    (Math.abs(value) >= 1000 ? whole : precise).format(value);
  const short = (value) => {
    const size = Math.abs(value);
    if (size >= 1e6) return `${precise.format(value / 1e6)} M`;
    return size >= 1e4 ? `${precise.format(value / 1e3)} k` : number(value);
  };
  const time = (ms) => {
    if (ms < 1000) return `${number(ms)} ms`;
    return ms < 120000 ? `${precise.format(ms / 1000)} s` : `${precise.format(ms / 60000)} min`;
  };
  const FORMATS = {
    NUMBER: { axis: short, value: number },
    MILLISECONDS: { axis: time, value: time },
    PERCENT: { axis: (v) => `${number(v)} %`, value: (v) => `${number(v)} %` },
  };
  const percentile = (x) => Number((100 - 100 / x).toFixed(4));

  const escaped = (text) => {
    const span = document.createElement("span");
    span.textContent = text;
    return span.innerHTML;
  };

  const position = (axis, x) => {
    if (axis.scale === "CATEGORY") return axis.categories[x];
    if (axis.scale === "PERCENTILE") return `${percentile(x)} %`;
    return FORMATS[axis.format].value(x);
  };

  const axisOption = (axis, place, width, lengthwise) => {
    const option = {
      name: axis.name,
      nameLocation: "middle",
      nameTextStyle: { color: colour("--quiet") },
      axisLine: { lineStyle: { color: colour("--quiet") } },
      axisTick: { lineStyle: { color: colour("--quiet") } },
      axisLabel: { color: colour("--quiet"), hideOverlap: true },
      splitLine: { show: place === "value", lineStyle: { color: colour("--grid") } },
      minorTick: { show: false },
    };
    if (axis.scale === "CATEGORY") {
      option.type = "category";
      option.data = axis.categories;
      if (lengthwise) {
        option.inverse = true;
        option.name = undefined;
        option.axisTick.show = false;
        Object.assign(option.axisLabel, {
          width: Math.min(260, Math.round(width * 0.36)),
          overflow: "break",
          interval: 0,
          hideOverlap: false,
          lineHeight: 14,
        });
      }
      return option;
    }
    option.type = axis.scale === "LINEAR" ? "value" : "log";
    // No figure is below 0, though an error bar may reach there.
    if (axis.scale === "LINEAR") option.min = 0;
    option.axisLabel.formatter =
      axis.scale === "PERCENTILE"
        ? (x) => `${percentile(x)} %`
        : FORMATS[axis.format].axis;
    if (axis.scale === "PERCENTILE") {
      option.min = 1;
      option.splitLine.show = true;
    }
    return option;
  };

  const markLine = (marks, horizontal) =>
    marks.length === 0
      ? undefined
      : {
          silent: true,
          symbol: "none",
          lineStyle: { color: colour("--bad"), type: "dashed", width: 1.5 },
          label: {
            color: colour("--bad"),
            position: horizontal ? "end" : "insideEndTop",
            formatter: (mark) => mark.name,
          },
          data: marks.map((mark) => ({
            name: mark.label,
            [horizontal ? "xAxis" : "yAxis"]: mark.at,
          })),
        };

  const besideBar = (text, end) => ({
    type: "text",
    style: {
      text: text ?? "",
      x: end[0] + 10,
      y: end[1],
      fill: colour("--text"),
      fontFamily: FONT,
      verticalAlign: "middle",
    },
  });

  /* A line from the lowest to the highest value with a short one across each end. */
  const errorBars = (series, ranged, ink, horizontal) => ({
    type: "custom",
    name: series.name,
    silent: true,
    clip: true,
    z: 5,
    tooltip: { show: false },
    encode: horizontal ? { x: [1, 2], y: 0 } : { x: 0, y: [1, 2] },
    data: ranged.map((point) => [point.x, point.low, point.high]),
    renderItem: (params, api) => {
      const at = (value) =>
        horizontal
          ? api.coord([value, api.value(0)])
          : api.coord([api.value(0), value]);
      const low = at(api.value(1));
      const high = at(api.value(2));
      const style = { stroke: ink, lineWidth: 1.5, fill: "none" };
      const across = (end) =>
        horizontal
          ? { x1: end[0], y1: end[1] - 5, x2: end[0], y2: end[1] + 5 }
          : { x1: end[0] - 5, y1: end[1], x2: end[0] + 5, y2: end[1] };
      return {
        type: "group",
        children: [
          {
            type: "line",
            shape: { x1: low[0], y1: low[1], x2: high[0], y2: high[1] },
            style,
          },
          { type: "line", shape: across(low), style },
          { type: "line", shape: across(high), style },
          ...(series.shape === "BAR" ? [besideBar(ranged[params.dataIndex].text, high)] : []),
        ],
      };
    },
  });

  const seriesOption = (chart, series, index) => {
    const horizontal = chart.isHorizontal;
    const ink = colour(TONES[series.tone] ?? PALETTE[index % PALETTE.length]);
    const data = series.points.map((point) => ({
      value: horizontal ? [point.y, point.x] : [point.x, point.y],
      text: point.text,
      range: point.low === undefined ? undefined : [point.low, point.high],
    }));
    const base = {
      name: series.name,
      data,
      color: ink,
      itemStyle: { color: ink, opacity: 1 },
      emphasis: { disabled: true },
      label: {
        show: series.points.some((point) => point.text),
        position: horizontal ? "right" : "top",
        distance: 8,
        color: colour("--text"),
        formatter: (item) => item.data.text ?? "",
      },
    };
    const hasRange = series.points.some((point) => point.low !== undefined);
    if (hasRange) {
      // Above the line of its own point, which it would lie on.
      base.label.position = horizontal ? "top" : "right";
    }
    switch (series.shape) {
      case "LINE":
        return {
          ...base,
          type: "line",
          symbol: SYMBOLS[index % SYMBOLS.length],
          symbolSize: 6,
          showSymbol: series.points.length <= MOST_SYMBOLS,
          lineStyle: {
            color: ink,
            width: 2,
            type: DASHES[Math.floor(index / PALETTE.length) % DASHES.length],
          },
        };
      case "BAR":
        return {
          ...base,
          type: "bar",
          stack: series.stack,
          barMaxWidth: 34,
          // Beside the error bar, if there is one; see there.
          label: { show: false },
        };
      default:
        return {
          ...base,
          type: "scatter",
          symbol: SYMBOLS[index % SYMBOLS.length],
          symbolSize: 11,
          z: 6,
        };
    }
  };

  const tooltip = (chart) => ({
    trigger: chart.series.some((series) => series.shape === "LINE") ? "axis" : "item",
    confine: true,
    backgroundColor: colour("--card"),
    borderColor: colour("--line"),
    textStyle: { color: colour("--text"), fontSize: 13 },
    axisPointer: { lineStyle: { color: colour("--quiet") } },
    formatter: (items) => {
      const list = [items].flat().filter((item) => item.data?.value);
      if (list.length === 0) return "";
      const at = (item) => item.data.value[chart.isHorizontal ? 1 : 0];
      const format = FORMATS[chart.y.format].value;
      const lines = list.map((item) => {
        const value = item.data.value[chart.isHorizontal ? 0 : 1];
        const range = item.data.range
          ? ` (${format(item.data.range[0])} to ${format(item.data.range[1])})`
          : "";
        return `${item.marker} ${escaped(item.seriesName)}: <b>${escaped(format(value) + range)}</b>`;
      });
      return [`${escaped(position(chart.x, at(list[0])))}`, ...lines].join("<br>");
    },
  });

  const heightOf = (chart, width) => {
    const legend = 24 * legendRows(chart.series.map((each) => each.name), width);
    if (!chart.isHorizontal) return 280 + legend;
    const rows = chart.x.categories.length;
    const longest = Math.max(...chart.x.categories.map((name) => name.length));
    const letters = Math.min(260, Math.round(width * 0.36)) / 6.5;
    return 72 + legend + rows * Math.max(40, 18 + 14 * Math.ceil(longest / letters));
  };

  /* About as many as ECharts will need. */
  const legendRows = (names, width) => {
    if (names.length < 2) return 0;
    let rows = 1;
    let used = 0;
    for (const name of names) {
      const wide = 48 + 7 * name.length;
      if (used > 0 && used + wide > width) {
        rows += 1;
        used = 0;
      }
      used += wide;
    }
    return rows;
  };

  const optionOf = (chart, width) => {
    const horizontal = chart.isHorizontal;
    const x = axisOption(chart.x, "position", width, horizontal);
    const y = axisOption(chart.y, "value", width, false);
    if (chart.series.some((series) => series.stack) && chart.y.format === "PERCENT") y.max = 100;
    x.nameGap = 28;
    y.nameGap = horizontal ? 28 : 52;
    const series = chart.series.map((each, index) => seriesOption(chart, each, index));
    chart.series.forEach((each, index) => {
      const ranged = each.points.filter((point) => point.low !== undefined);
      if (ranged.length > 0) {
        const ink = each.shape === "BAR" ? colour("--text") : series[index].color;
        series.push(errorBars(each, ranged, ink, horizontal));
      }
    });
    if (series.length > 0) series[0].markLine = markLine(chart.marks, horizontal);
    if (horizontal && chart.series.some((each) => each.shape === "BAR" && each.points.some((point) => point.text))) {
      // Room for the text beside the longest bar.
      y.boundaryGap = [0, 110 / width];
    }
    // A target far above all values would be outside of the axis.
    const highest = Math.max(...chart.marks.map((mark) => mark.at));
    if (chart.marks.length > 0) {
      y.max = (extent) => (extent.max < highest ? highest * 1.08 : null);
      y.axisLabel.showMaxLabel = false;
    }
    if (chart.y.format === "PERCENT" && chart.series.every((each) => each.shape === "POINTS")) {
      // Shares that are all near 100 % would be one line.
      delete y.min;
      y.scale = true;
    }
    const names = [...new Set(chart.series.map((each) => each.name))];
    const rows = legendRows(names, width);
    return {
      animation: false,
      aria: { enabled: false },
      textStyle: { fontFamily: FONT, color: colour("--text") },
      legend: {
        show: names.length > 1,
        type: "plain",
        top: 0,
        left: 0,
        itemGap: 14,
        data: names,
        textStyle: { color: colour("--text") },
        inactiveColor: colour("--line"),
      },
      grid: {
        top: 18 + 24 * rows,
        left: horizontal ? 8 : 62,
        right: horizontal ? 48 : 22,
        bottom: horizontal ? 34 : 48,
        outerBoundsMode: "same",
        outerBoundsContain: "axisLabel",
        containLabel: horizontal,
      },
      tooltip: tooltip(chart),
      xAxis: horizontal ? y : x,
      yAxis: horizontal ? x : y,
      series,
    };
  };

  const drawn = JSON.parse(document.getElementById("charts").textContent).map((chart) => {
    const element = document.getElementById(`chart-${chart.id}`);
    element.style.height = `${heightOf(chart, element.clientWidth)}px`;
    const instance = echarts.init(element, null, { renderer: "svg" });
    instance.setOption(optionOf(chart, element.clientWidth));
    return { chart, element, instance };
  });

  const fit = (width) => {
    for (const { chart, element, instance } of drawn) {
      const wide = width ?? element.clientWidth;
      element.style.height = `${heightOf(chart, wide)}px`;
      instance.resize({ width: wide, height: heightOf(chart, wide) });
      instance.setOption(optionOf(chart, wide), { notMerge: true });
    }
  };

  let pending;
  window.addEventListener("resize", () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(() => fit());
  });

  /* On paper nothing can be opened; a table of a page or more stays with the file. */
  document.querySelectorAll("details").forEach((each) => {
    const rows = each.querySelectorAll("tbody tr").length;
    if (rows > MOST_PRINTED_ROWS) each.querySelector("summary").dataset.rows = rows;
  });
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open]):not(:has([data-rows]))")];
    folded.forEach((each) => (each.open = true));
    fit(PRINT_WIDTH);
  });
  window.addEventListener("afterprint", () => {
    folded.forEach((each) => (each.open = false));
    fit();
  });
})();
