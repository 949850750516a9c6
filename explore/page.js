/* page.js - table and charts of the pages that `synfire explore` writes; put into the page as it is. Loads nothing. */
'use strict';
(function () {
  const data = JSON.parse(document.getElementById('data').textContent);
  const main = document.getElementById('main');
  const SVG = 'http://www.w3.org/2000/svg';

  function make(name, attributes, ...inside) {
    const svg = ['svg', 'g', 'circle', 'line', 'path', 'text', 'rect', 'title'].includes(name);
    const e = svg ? document.createElementNS(SVG, name) : document.createElement(name);
    for (const key in attributes || {}) {
      if (key.startsWith('on')) e.addEventListener(key.slice(2), attributes[key]);
      else if (attributes[key] !== undefined) e.setAttribute(key, attributes[key]);
    }
    for (const x of inside) if (x !== null && x !== undefined) e.append(x);
    return e;
  }

  function short(x) {
    if (typeof x !== 'number') return x === undefined || x === null ? '' : String(x);
    if (Number.isInteger(x)) return Math.abs(x) < 1e15 ? x.toLocaleString('en') : x.toExponential(3);
    return Math.abs(x) >= 1e6 || Math.abs(x) < 1e-3 ? x.toExponential(3) : String(+x.toPrecision(4));
  }

  function tickText(x) {
    for (const [size, name] of [[1e9, 'G'], [1e6, 'M'], [1e4, 'k']])
      if (Math.abs(x) >= size) return +(x / (size === 1e4 ? 1e3 : size)).toPrecision(4) + name;
    return short(x);
  }

  function tile(number, what, kind) {
    return make('div', {class: 'tile ' + (kind || '')}, make('b', {}, short(number)), make('span', {}, what));
  }

  /* ---- a scatter chart ---- */

  /* Round numbers that span lo .. hi: decades and their halves on a logarithmic axis. */
  function ticks(lo, hi, log) {
    const list = [];
    if (log && hi / lo > 4) {
      for (let e = Math.floor(Math.log10(lo)); e <= Math.ceil(Math.log10(hi)); e++)
        for (const m of hi / lo > 300 ? [1] : hi / lo > 20 ? [1, 3] : [1, 1.5, 2, 3, 5, 7]) list.push(m * Math.pow(10, e));
    } else {
      const rough = (hi - lo) / 5 || 1, power = Math.pow(10, Math.floor(Math.log10(rough)));
      const step = power * [1, 2, 5, 10].find(m => m * power >= rough);
      for (let x = Math.ceil(lo / step) * step; x <= hi + step * 1e-6; x += step) list.push(+x.toPrecision(12));
    }
    return list.filter(x => x >= lo * (1 - 1e-9) - 1e-12 && x <= hi * (1 + 1e-9) + 1e-12);
  }

  function axis(points, key, log, two) {
    let lo = Math.min(...points.map(p => p[key])), hi = Math.max(...points.map(p => p[key]));
    if (log) lo /= 1.15, hi *= 1.15;
    else {
      const pad = (hi - lo) * 0.08 || Math.abs(hi) * 0.1 || 1;
      lo = lo >= 0 ? Math.max(0, lo - pad) : lo - pad, hi += pad;
    }
    const at = log ? x => Math.log(x / lo) / Math.log(hi / lo) : x => (x - lo) / (hi - lo);
    const powers = [...Array(24).keys()].map(e => Math.pow(2, e)).filter(x => x >= lo && x <= hi);
    return {at, ticks: two && log && powers.length > 1 ? powers : ticks(lo, hi, log)};
  }

  /* chart: {id, title, note, x, y, xname, yname, xlog, ylog}; points: {x, y, series, label, number, best}; lines: which
   * points are joined: 'front', 'mean' or nothing. */
  function draw(chart, points, colour, pick) {
    const W = 460, H = 300, L = 56, R = 12, T = 10, B = 40;
    const xlog = chart.xlog && points.every(p => p.x > 0), ylog = chart.ylog && points.every(p => p.y > 0);
    const ax = axis(points, 'x', xlog, chart.two), ay = axis(points, 'y', ylog);
    const X = x => L + ax.at(x) * (W - L - R), Y = y => H - B - ay.at(y) * (H - T - B);
    const svg = make('svg', {viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': chart.title, 'data-chart': chart.id});
    for (const t of ax.ticks) {
      svg.append(make('line', {class: 'grid', x1: X(t), x2: X(t), y1: T, y2: H - B}));
      svg.append(make('text', {x: X(t), y: H - B + 14, 'text-anchor': 'middle'}, tickText(t)));
    }
    for (const t of ay.ticks) {
      svg.append(make('line', {class: 'grid', x1: L, x2: W - R, y1: Y(t), y2: Y(t)}));
      svg.append(make('text', {x: L - 5, y: Y(t) + 4, 'text-anchor': 'end'}, tickText(t)));
    }
    svg.append(make('rect', {class: 'frame', x: L, y: T, width: W - L - R, height: H - T - B}));
    svg.append(make('text', {class: 'name', x: (L + W - R) / 2, y: H - 6, 'text-anchor': 'middle'}, chart.xname));
    svg.append(make('text', {class: 'name', x: 12, y: (T + H - B) / 2, 'text-anchor': 'middle',
                             transform: `rotate(-90 12 ${(T + H - B) / 2})`}, chart.yname));
    for (const series of new Set(points.map(p => p.series))) {
      const own = points.filter(p => p.series === series);
      if (chart.lines === 'front') {
        for (const group of new Set(own.map(p => p.group))) {
          const front = own.filter(p => p.best && p.group === group).sort((a, b) => a.x - b.x || a.y - b.y);
          if (front.length < 2) continue;
          const steps = front.map((p, i) => i ? `H${X(p.x)}V${Y(p.y)}` : `M${X(p.x)} ${Y(p.y)}`).join('');
          svg.append(make('path', {class: 'front', d: steps, stroke: colour(series)}));
        }
      } else if (chart.lines === 'mean') {
        for (const group of new Set(own.map(p => p.like))) {
          const like = own.filter(p => p.like === group);
          const xs = [...new Set(like.map(p => p.x))].sort((a, b) => a - b);
          const mean = xs.map(x => [x, like.filter(p => p.x === x)]).map(([x, l]) => [x, l.reduce((s, p) => s + p.y, 0) / l.length]);
          if (mean.length > 1)
            svg.append(make('path', {class: 'series', d: mean.map(([x, y], i) => `${i ? 'L' : 'M'}${X(x)} ${Y(y)}`).join(''), stroke: colour(series)}));
        }
      }
      for (const p of own)
        svg.append(make('circle', {cx: X(p.x).toFixed(1), cy: Y(p.y).toFixed(1), r: 4.5, fill: colour(series), stroke: colour(series),
                                   class: p.best || p.solid ? 'best' : '', 'data-point': p.number, onclick: () => pick && pick(p.number)},
                        make('title', {}, p.label)));
    }
    return make('figure', {}, make('figcaption', {}, chart.title, make('small', {}, chart.note || '')), svg);
  }

  const palette = {};
  function colour(series) {
    if (!(series in palette)) palette[series] = Object.keys(palette).length % 6;
    return `var(--c${palette[series]})`;
  }

  function legend(names) {
    return make('div', {class: 'legend'}, ...names.map(n => make('span', {}, make('i', {style: `background:${colour(n)}`}), n)));
  }

  /* ---- a table that can be sorted and filtered ---- */

  /* "16", ">=16", "<3", "16..64" compare numbers; anything else is looked for in the text. */
  function matcher(text) {
    text = text.trim();
    if (!text) return null;
    let m = text.match(/^(-?[\d.eE+]+)\.\.(-?[\d.eE+]+)$/);
    if (m) return v => typeof v === 'number' && v >= +m[1] && v <= +m[2];
    m = text.match(/^(<=|>=|<|>|=)\s*(-?[\d.eE+-]+)$/);
    if (m) return v => typeof v === 'number' && {'<=': v <= +m[2], '>=': v >= +m[2], '<': v < +m[2], '>': v > +m[2], '=': v === +m[2]}[m[1]];
    if (/^-?[\d.]+$/.test(text)) return v => typeof v === 'number' ? v === +text : String(v).includes(text);
    return v => String(v === undefined ? '' : v).toLowerCase().includes(text.toLowerCase());
  }

  function table(columns, rows, cell, changed) {
    const tests = {}, head = make('tr'), body = make('tbody');
    let sort = null, down = false, shown = rows;
    function refill() {
      shown = rows.filter(r => columns.every(c => !tests[c.key] || tests[c.key](r[c.key])));
      if (sort) shown = shown.slice().sort((a, b) => {
        const x = a[sort], y = b[sort];
        if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);
        const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
        return down ? -order : order;
      });
      body.replaceChildren(...shown.map(r => {
        const tr = make('tr', {'data-row': r.point});
        for (const c of columns) tr.append(cell(c, r));
        return tr;
      }));
      changed(shown);
    }
    for (const c of columns) {
      const th = make('th', {'data-key': c.key, title: c.key, onclick: e => {
        if (e.target.tagName === 'INPUT') return;
        down = sort === c.key ? !down : false;
        sort = c.key;
        for (const other of head.children) other.removeAttribute('aria-sort');
        th.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        refill();
      }}, c.title);
      th.append(make('input', {'aria-label': 'filter ' + c.title, oninput: e => {
        tests[c.key] = matcher(e.target.value);
        refill();
      }}));
      head.append(th);
    }
    return {element: make('div', {class: 'wide'}, make('table', {}, make('thead', {}, head), body)), refill, body};
  }

  /* ---- the page of a sweep ---- */

  const charts = [
    {id: 'pareto-luts', title: 'Throughput against LUTs', x: 'luts', y: 'gops', xname: 'LUTs', yname: 'billion operations a second', xlog: true, ylog: true, lines: 'front', front: 'luts', note: 'at the routed clock, for the sweep’s traffic; filled and joined: Pareto front per target, network and traffic'},
    {id: 'pareto-ram', title: 'Throughput against block RAM', x: 'block_ram', y: 'gops', xname: 'block RAMs', yname: 'billion operations a second', xlog: true, ylog: true, lines: 'front', front: 'block_ram'},
    {id: 'pareto-energy', title: 'Throughput against energy proxy', x: 'energy_pj_per_op', y: 'gops', xname: 'proxy, pJ a synaptic operation', yname: 'billion operations a second', xlog: true, ylog: true, lines: 'front', front: 'energy', note: 'a proxy from published energies of 45 nm logic: it ranks, it does not measure'},
    {id: 'pareto-accuracy', title: 'Accuracy against weight bits', x: 'WEIGHT_BITS', two: true, y: 'accuracy', xname: 'weight bits', yname: 'accuracy', xlog: true, lines: 'front', front: 'accuracy'},
    {id: 'memory-accuracy', title: 'Accuracy against weight memory', x: 'weight_kib', y: 'accuracy', xname: 'weights, KiB', yname: 'accuracy', xlog: true},
    {id: 'lanes-fmax', title: 'Lanes and clock', x: 'LANES', two: true, y: 'fmax_mhz', xname: 'lanes', yname: 'routed clock, MHz', xlog: true, lines: 'mean', note: 'the middle one of the seeds; joined: points that differ in lanes alone'},
    {id: 'lanes-luts', title: 'LUTs a lane', x: 'LANES', two: true, y: 'luts_per_lane', xname: 'lanes', yname: 'LUTs a lane', xlog: true, ylog: true, lines: 'mean', note: 'whole core, over lanes'},
    {id: 'lanes-gops', title: 'Synaptic operations a second', x: 'LANES', two: true, y: 'gops', xname: 'lanes', yname: 'billion a second', xlog: true, ylog: true, lines: 'mean'},
    {id: 'lanes-utilisation', title: 'Utilisation of the lanes', x: 'LANES', two: true, y: 'utilisation', xname: 'lanes', yname: 'synaptic operations a lane and cycle', xlog: true, lines: 'mean'},
    {id: 'size-cycles', title: 'Array size and cycles a tick', x: 'synapses', y: 'cycles_per_tick', xname: 'synapses (axons × neurons)', yname: 'cycles a tick', xlog: true, ylog: true}];

  function sweep() {
    const rows = data.rows.map(r => Object.assign({}, r, {fronts: (r.fronts || []).join(' ')}));
    const value = new Map(data.columns.map(c => [c.key, new Set(rows.map(r => String(r[c.key])))]));
    const fixed = data.columns.filter(c => value.get(c.key).size === 1 && rows.length > 1 && !['status', 'point'].includes(c.key) && rows[0][c.key] !== '');
    const columns = data.columns.filter(c => !fixed.includes(c) && !(c.key === 'fronts' && rows.every(r => !r.fronts)));
    const text = r => ['target', 'AXONS', 'NEURONS', 'LANES', 'NEURON_LANES', 'WEIGHT_BITS', 'network', 'events'].filter(k => r[k] !== undefined)
      .map(k => `${k} ${short(r[k])}`).join(', ');
    const series = r => r.target || 'no target';

    const tiles = make('div', {class: 'tiles'}, tile(data.points, 'points'), tile(data.ok, 'ok', 'good'),
      tile(data.failed, 'failed: do not fit, or differ', data.failed ? 'bad' : ''), tile((data.error || 0) + (data.missing || 0), 'not computed', data.error || data.missing ? 'bad' : ''));
    const cycles = rows.reduce((s, r) => s + (r.lockstep_cycles || 0), 0);
    if (cycles) tiles.append(tile(cycles, 'clock cycles of RTL and model compared, ' + rows.reduce((s, r) => s + (r.mismatches || 0), 0) + ' mismatches'));

    const figures = make('div', {class: 'charts'}), count = make('p', {class: 'soft', id: 'count'});
    const pick = number => {
      for (const on of document.querySelectorAll('.on')) on.classList.remove('on');
      for (const e of document.querySelectorAll(`[data-point="${number}"],[data-row="${number}"]`)) e.classList.add('on');
      const row = document.querySelector(`[data-row="${number}"]`);
      if (row) row.scrollIntoView({block: 'center'});
    };
    function redraw(shown) {
      count.textContent = `${shown.length} of ${rows.length} points shown; charts show these. A click on a point finds its row.`;
      figures.replaceChildren();
      for (const c of charts) {
        const points = shown.filter(r => r.status === 'ok' && typeof r[c.x] === 'number' && typeof r[c.y] === 'number')
          .map(r => ({x: r[c.x], y: r[c.y], series: series(r), group: `${r.network} ${r.events}`, number: r.point,
                      like: ['AXONS', 'NEURONS', 'WEIGHT_BITS', 'NEURON_LANES', 'network', 'events'].map(k => r[k]).join(' '),
                      best: c.front && r.fronts.split(' ').includes(c.front),
                      label: `point ${r.point}: ${text(r)}\n${c.xname}: ${short(r[c.x])}\n${c.yname}: ${short(r[c.y])}`}));
        if (points.length) figures.append(draw(c, points, colour, pick));
      }
    }
    const cell = (c, r) => {
      const v = r[c.key];
      if (c.key === 'point') {
        const td = make('td', {}, String(v), ' ');
        for (const step in r.logs || {}) td.append(make('a', {href: r.logs[step], class: 'log'}, step), ' ');
        return td;
      }
      if (c.key === 'status') return make('td', {class: 'status-' + v}, v);
      return make('td', {class: typeof v === 'number' ? 'n' : c.key === 'reason' ? 'reason' : ''}, typeof v === 'boolean' ? (v ? 'yes' : 'no') : short(v));
    };
    const all = table(columns, rows, cell, redraw);
    main.replaceChildren(tiles, legend([...new Set(rows.map(series))]), figures, make('h2', {}, 'Points'), count,
      make('p', {class: 'soft'}, 'Click a heading to sort. Filters: a text, a number, >=16, 16..64. The names beside a point lead to its logs.'), all.element);
    if (fixed.length)
      main.append(make('p', {class: 'soft', id: 'fixed'}, 'The same for all points: ' + fixed.map(c => `${c.title} ${short(rows[0][c.key])}`).join(', ') + '.'));
    main.append(make('p', {class: 'soft', id: 'tools'}, 'Made with ' + Object.entries(data.tools || {}).map(([k, v]) => `${k} ${v}`).join(', ') + '.'));
    all.refill();
  }

  /* ---- the page of a projection ---- */

  function projection() {
    const rows = data.rows;
    const series = r => r.quantity || '';
    const parts = [];
    parts.push(make('p', {}, data.text || ''));
    for (const t of data.tables || []) {
      parts.push(make('h2', {}, t.title), make('p', {class: 'soft'}, t.note || ''));
      const body = make('tbody');
      for (const r of t.rows) {
        const tr = make('tr');
        t.columns.forEach((c, i) => {
          const v = r[i];
          tr.append(make('td', {class: (typeof v === 'number' ? 'n ' : '') + (v === 'measured' || v === 'extrapolated' ? v : '')}, short(v)));
        });
        body.append(tr);
      }
      parts.push(make('div', {class: 'wide'}, make('table', {}, make('thead', {}, make('tr', {}, ...t.columns.map(c => make('th', {}, c)))), body)));
    }
    const figures = make('div', {class: 'charts'});
    for (const c of data.charts || []) {
      const points = c.points.map(p => Object.assign({label: `${p.series}: ${short(p.x)}, ${short(p.y)} (${p.measured ? 'measured' : 'extrapolated'})`, solid: p.measured}, p));
      if (points.length) figures.append(draw(Object.assign({lines: 'mean', xlog: true, ylog: true}, c), points, colour, null));
    }
    const names = [...new Set((data.charts || []).flatMap(c => c.points.map(p => p.series)))];
    main.replaceChildren(legend(names), make('p', {class: 'soft'}, 'Filled points are measured, hollow ones extrapolated.'), figures, ...parts);
  }

  if (document.body.dataset.kind === 'projection') projection();
  else sweep();
  document.body.dataset.drawn = 'yes';
})();
