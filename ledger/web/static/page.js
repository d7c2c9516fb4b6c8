// Live updates, charts, and filters that apply at once. Without this script every page works as links and forms.
"use strict";
(() => {
  const body = document.body;
  const LEAST_MS = 1500; // between two updates of a page
  body.classList.add("scripted");

  // Filters apply when a field changes; the button stays for keyboards.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form.filters");
    if (form && event.target.value !== undefined) form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    // Empty fields do not belong into an address.
    for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
  });
  window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form :disabled")) field.disabled = false;
  });

  // Live: one stream for the page. It reconnects by itself, from the position that it has seen last.
  const chip = document.getElementById("live");
  let waiting = false, last = 0;
  const say = (state, text) => {
    if (!chip || chip.dataset.state === state) return;
    chip.dataset.state = state;
    chip.classList.toggle("on", state === "on");
    chip.classList.toggle("lost", state === "lost");
    chip.lastElementChild.textContent = text;
  };
  const tick = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      last = Date.now();
      body.dispatchEvent(new CustomEvent("ledger:tick", { bubbles: true }));
      if (chip) { chip.classList.remove("tick"); void chip.offsetWidth; chip.classList.add("tick"); }
    }, Math.max(0, last + LEAST_MS - Date.now()));
  };
  const listen = () => {
    if (!window.EventSource) return;
    const stream = new EventSource(body.dataset.live);
    stream.addEventListener("open", () => say("on", body.dataset.liveText));
    stream.addEventListener("position", (event) => {
      if (event.lastEventId !== document.getElementById("page").dataset.position) tick();
    });
    stream.addEventListener("error", () => {
      say("lost", body.dataset.lost);
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
    });
    window.addEventListener("pagehide", () => stream.close(), { once: true });
  };
  listen();
  // Lag and ages grow while no event comes: a stopped worker sends none.
  if (body.classList.contains("page-operations")) setInterval(() => { if (!document.hidden) tick(); }, 5000);

  // Charts: the numbers of the table below, drawn when they come into view.
  const drawn = new Map();
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const option = (data, width) => {
    const size = body.classList.contains("wall") ? parseFloat(getComputedStyle(document.documentElement).fontSize) : 11, few = data.x.length <= 8 && width / data.x.length > 56;
    const ink = colour("ink-3"), line = colour("line"), font = getComputedStyle(body).fontFamily;
    const bar = data.type === "bar";
    return {
      animation: false, aria: { enabled: false }, textStyle: { fontFamily: font },
      color: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => colour(`series-${number}`)),
      grid: { left: 4, right: 12, top: data.series.length > 1 ? 40 : 16, bottom: 4, containLabel: true },
      legend: data.series.length > 1
        ? { top: 0, left: 0, type: "scroll", icon: "roundRect", itemWidth: 12, itemHeight: 8, textStyle: { color: colour("ink-2"), fontSize: 12 } }
        : undefined,
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true, backgroundColor: colour("surface"), borderColor: colour("line-strong"),
        textStyle: { color: colour("ink"), fontSize: 12 }, axisPointer: { type: bar ? "shadow" : "line" },
        formatter: (points) => [points[0].axisValue, ...points.filter((one) => one.value != null)
          .map((one) => `${data.series.length > 1 ? one.seriesName + ": " : ""}${data.series[one.seriesIndex].texts[one.dataIndex]}`)].join("\n"),
      },
      xAxis: { type: "category", data: data.x, axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: ink, fontSize: size, hideOverlap: !few, ...(few && { interval: 0, width: width / data.x.length - 12, overflow: "break" }) }, boundaryGap: bar },
      yAxis: { type: "value", splitNumber: 4, splitLine: { lineStyle: { color: line } }, axisLabel: { color: ink, fontSize: size, formatter: short } },
      series: data.series.map((one) => ({
        name: one.name, type: data.type, data: one.values, stack: data.stacked ? "all" : undefined, symbol: "circle", symbolSize: 5,
        showSymbol: data.x.length < 30, lineStyle: { width: 2, type: one.dashed ? "dashed" : "solid" }, barMaxWidth: 28,
        itemStyle: { borderRadius: bar && !data.stacked ? [3, 3, 0, 0] : 0 }, connectNulls: false,
      })),
    };
  };
  const SCALES = body.dataset.lang === "zh" ? [[1e12, "万亿"], [1e8, "亿"], [1e4, "万"]] : [[1e12, " tn"], [1e9, " bn"], [1e6, " m"], [1e3, " k"]];
  const short = (value) => {
    const scale = SCALES.find(([least]) => Math.abs(value) >= least);
    const format = (number) => number.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 });
    return scale ? format(value / scale[0]) + scale[1] : format(value);
  };
  let library;
  const load = () => library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = body.dataset.charts;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
  const draw = async (figure) => {
    const source = document.getElementById(figure.dataset.chart);
    if (!source) return;
    await load();
    const box = figure.firstElementChild;
    const chart = drawn.get(box) ?? echarts.init(box, null, { renderer: "svg" });
    drawn.set(box, chart);
    chart.setOption(option(JSON.parse(source.textContent), box.clientWidth), true);
    figure.dataset.ready = "yes";
  };
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { seen.unobserve(entry.target); draw(entry.target); }
  }, { rootMargin: "200px" });
  const watch = () => {
    for (const figure of document.querySelectorAll("figure.chart")) if (!figure.dataset.ready) seen.observe(figure);
  };
  const redraw = () => {
    for (const [box, chart] of drawn) {
      if (box.isConnected) draw(box.parentElement);
      else { chart.dispose(); drawn.delete(box); }
    }
    watch();
  };
  watch();
  document.addEventListener("htmx:after:swap", redraw);
  for (const query of ["(prefers-color-scheme: dark)", "print"]) matchMedia(query).addEventListener("change", redraw);
  new ResizeObserver(() => { for (const chart of drawn.values()) chart.resize(); }).observe(body);

  // Of a matrix that is wider than its block, the newest years are in view, and the fixed column covers no cell by half.
  for (const matrix of document.querySelectorAll(".matrix")) {
    matrix.parentElement.scrollLeft = matrix.scrollWidth;
    const [fixed, ...years] = [...matrix.rows[0].cells].map(cell => cell.getBoundingClientRect());
    const half = years.find(box => box.left < fixed.right && fixed.right < box.right);
    if (half && innerWidth > 560) {
      matrix.rows[0].cells[0].style.minWidth = `${Math.ceil(fixed.width + half.right - fixed.right)}px`;
      matrix.parentElement.scrollLeft = matrix.scrollWidth;
    }
  }

  // The current page is in view in the strip of links of a narrow screen.
  document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
})();
