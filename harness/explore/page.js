/* page.js - table and charts of the pages that `synfire explore` writes; put into the page as it is. Loads nothing. */
'use strict';
(function () {
  const data = JSON.parse(document.getElementById('data').textContent);
  const main = document.getElementById('main');
  const SVG = 'http://www.w3.org/2000/svg';

  function make(name, attributes, ...inside) {
    const svg = ['svg', 'g', 'line', 'path', 'text', 'rect', 'title'].includes(name);
    const e = svg ? document.createElementNS(SVG, name) : document.createElement(name);
    for (const key in attributes || {}) {
      if (key.startsWith('on')) e.addEventListener(key.slice(2), attributes[key]);
      else if (attributes[key] !== undefined) e.setAttribute(key, attributes[key]);
    }
    for (const x of inside) if (x !== null && x !== undefined) e.append(x);
    return e;
  }

  /* Grouped digits, no exponent: whole numbers as they are, others with four digits. */
  function short(x) {
    if (typeof x !== 'number') return x === undefined || x === null ? '' : String(x);
    return x.toLocaleString('en', Math.abs(x) >= 1000 ? {maximumFractionDigits: 0} : {maximumSignificantDigits: 4});
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
   * points are joined: 'front', 'mean' or nothing; curves: [{series, points: [[x, y], ...]}]; notes: a line of text each. */
  function draw(chart, points, pick) {
    const W = 460, H = 300, L = 56, R = 12, T = 10, B = 40;
    const all = points.concat((chart.curves || []).flatMap(c => c.points.map(([x, y]) => ({x, y}))));
    const xlog = chart.xlog && all.every(p => p.x > 0), ylog = chart.ylog && all.every(p => p.y > 0);
    const ax = axis(all, 'x', xlog, chart.two), ay = axis(all, 'y', ylog);
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
    const line = (kind, series, list) => make('path', {class: kind, d: list.map(([x, y], i) => `${i ? 'L' : 'M'}${X(x).toFixed(1)} ${Y(y).toFixed(1)}`).join(''),
                                                       stroke: colour(series), 'stroke-dasharray': dash(series)});
    for (const c of chart.curves || []) if (c.points.length > 1) svg.append(line('curve', c.series, c.points));
    for (const series of new Set(points.map(p => p.series))) {
      const own = points.filter(p => p.series === series);
      if (chart.lines === 'front') {
        for (const group of new Set(own.map(p => p.group))) {
          const front = own.filter(p => p.best && p.group === group).sort((a, b) => a.x - b.x || a.y - b.y);
          if (front.length < 2) continue;
          const steps = front.map((p, i) => i ? `H${X(p.x)}V${Y(p.y)}` : `M${X(p.x)} ${Y(p.y)}`).join('');
          svg.append(make('path', {class: 'front', d: steps, stroke: colour(series), 'stroke-dasharray': dash(series)}));
        }
      } else if (chart.lines === 'mean') {
        for (const group of new Set(own.map(p => p.like))) {
          const like = own.filter(p => p.like === group);
          const xs = [...new Set(like.map(p => p.x))].sort((a, b) => a - b);
          const mean = xs.map(x => [x, like.filter(p => p.x === x)]).map(([x, l]) => [x, l.reduce((s, p) => s + p.y, 0) / l.length]);
          if (mean.length > 1)
            svg.append(line('series', series, mean));
        }
      }
      for (const p of own)
        svg.append(make('path', {d: marker(series, X(p.x), Y(p.y), 4.5), fill: colour(series), stroke: colour(series), class: p.best || p.solid ? 'mark best' : 'mark',
                                 'data-point': p.number, onclick: () => pick && pick(p.number)}, make('title', {}, p.label)));
    }
    return make('figure', {}, make('figcaption', {}, chart.title, ...[chart.note, ...chart.notes || []].filter(t => t).map(t => make('small', {}, t.replace(/ %/g, '\u00a0%')))), svg);
  }

  /* How a series looks. Colour, marker and dashes change at once, over 7, 8 and 5 kinds, so that 280 series differ, neighbours in
   * all three; beyond, each round has one more dot between its dashes. Colours stand in page.css. */
  const COLOURS = 7, DASHES = ['', '7 3', '2 2', '9 2 2 2', '4 4'];
  const around = (x, y, r, n, turn) => [...Array(n).keys()].map(i => (i * 2 / n + turn) * Math.PI)
    .map((a, i) => `${i ? 'L' : 'M'}${(x + r * Math.sin(a)).toFixed(1)} ${(y - r * Math.cos(a)).toFixed(1)}`).join('') + 'Z';
  const MARKERS = [
    (x, y, r) => `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
    (x, y, r) => around(x, y, r * 1.25, 4, 0.25),
    (x, y, r) => around(x, y, r * 1.35, 3, 0),
    (x, y, r) => around(x, y, r * 1.35, 4, 0),
    (x, y, r) => around(x, y, r * 1.35, 3, 1),
    (x, y, r) => `M${x - r} ${y - r / 3}h${2 * r / 3}v${-2 * r / 3}h${2 * r / 3}v${2 * r / 3}h${2 * r / 3}v${2 * r / 3}h${-2 * r / 3}v${2 * r / 3}h${-2 * r / 3}v${-2 * r / 3}h${-2 * r / 3}Z`,
    (x, y, r) => around(x, y, r * 1.2, 6, 0),
    (x, y, r) => `M${x - r} ${y - r}L${x + r} ${y - r}L${x - r} ${y + r}L${x + r} ${y + r}Z`];
  const palette = new Map();
  function place(series) {
    if (!palette.has(series)) palette.set(series, palette.size);
    return palette.get(series);
  }
  function colour(series) { return `var(--c${place(series) % COLOURS})`; }
  function marker(series, x, y, r) { return MARKERS[place(series) % MARKERS.length](x, y, r); }
  function dash(series) {
    const i = place(series), round = Math.floor(i / (COLOURS * MARKERS.length * DASHES.length));
    return (DASHES[i % DASHES.length] || (round ? '12 3' : '')) + ' 1 2'.repeat(round);
  }

  /* Each entry shows marker and line as they are in the charts. */
  function legend(names) {
    return make('div', {class: 'legend'}, ...names.map(n => make('span', {'data-series': n}, make('svg', {viewBox: '0 0 34 14', width: 34, height: 14, 'aria-hidden': true},
      make('path', {class: 'sample', d: 'M1 7H33', stroke: colour(n), 'stroke-dasharray': dash(n)}),
      make('path', {class: 'mark best', d: marker(n, 17, 7, 4.5), fill: colour(n), stroke: colour(n)})), n)));
  }

  /* ---- a table that can be sorted and filtered ---- */

  /* "16", ">=16", "<3", "16..64" compare numbers, as they are or as they are shown; anything else is looked for in the text. What
   * looks like a comparison and is none is not understood: {wrong: why}. Nothing: null. */
  const FILTERS = 'a text, a number, <, <=, >, >= or = with a number, or two numbers as 16..64';
  const toNumber = text => /^-?(\d[\d,]*\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? +text.replace(/,/g, '') : NaN;
  function matcher(text) {
    text = text.trim();
    if (!text) return null;
    const range = text.match(/^(.*?)\.\.(.*)$/), compare = text.match(/^([<>=!~]+)(.*)$/);
    if (range) {
      const from = toNumber(range[1]), to = toNumber(range[2]);
      if (isNaN(from) || isNaN(to)) return {wrong: 'a range is two numbers'};
      if (from > to) return {wrong: 'the range is empty'};
      return {test: v => typeof v === 'number' && v >= from && v <= to};
    }
    if (compare) {
      const sign = compare[1], n = toNumber(compare[2]);
      if (!['<', '<=', '>', '>=', '='].includes(sign)) return {wrong: `there is no ${sign}`};
      if (isNaN(n)) return {wrong: `${sign} wants a number`};
      return {test: v => typeof v === 'number' && {'<=': v <= n, '>=': v >= n, '<': v < n, '>': v > n, '=': v === n || short(v) === short(n)}[sign]};
    }
    const n = toNumber(text);
    if (!isNaN(n)) return {test: v => typeof v === 'number' ? v === n || short(v) === text : String(v).includes(text)};
    return {test: v => String(v === undefined ? '' : v).toLowerCase().includes(text.toLowerCase())};
  }

  function table(columns, rows, cell, changed) {
    const tests = {}, head = make('tr'), body = make('tbody'), notice = make('div', {class: 'notice', role: 'status'});
    let sort = null, down = false, shown = rows;
    /* What is not understood is left out, and said; so is what nothing matches. */
    function say(used) {
      const lines = columns.filter(c => tests[c.key] && tests[c.key].wrong)
        .map(c => `Filter of “${c.title}” not understood, and not used: ${tests[c.key].text} (${tests[c.key].wrong}). It may be ${FILTERS}.`);
      const alone = used.filter(c => !rows.some(r => tests[c.key].test(r[c.key])));
      for (const c of alone) lines.push(`Filter of “${c.title}”: nothing matches ${tests[c.key].text}.`);
      if (!shown.length && !alone.length && used.length) lines.push('Each filter matches something, but nothing matches all of them.');
      notice.replaceChildren(...lines.map(t => make('p', {}, t)));
    }
    function refill() {
      const used = columns.filter(c => tests[c.key] && tests[c.key].test);
      shown = rows.filter(r => used.every(c => tests[c.key].test(r[c.key])));
      say(used);
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
        if (tests[c.key]) tests[c.key].text = e.target.value.trim();
        e.target.toggleAttribute('aria-invalid', Boolean(tests[c.key] && tests[c.key].wrong));
        refill();
      }}));
      head.append(th);
    }
    return {notice, element: make('div', {class: 'wide'}, make('table', {}, make('thead', {}, head), body)), refill, body};
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
        if (points.length) figures.append(draw(c, points, pick));
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
      make('p', {class: 'soft'}, `Click a heading to sort. A filter is ${FILTERS}. The names beside a point lead to its logs.`), all.notice, all.element);
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
      if (points.length) figures.append(draw(Object.assign({lines: c.curves ? '' : 'mean', two: c.xname === 'lanes', xlog: true, ylog: true}, c), points, null));
    }
    const names = [...new Set((data.charts || []).flatMap(c => c.points.map(p => p.series)))];
    main.replaceChildren(legend(names), make('p', {class: 'soft'}, 'Filled points are measured, hollow ones extrapolated; lines are fits, for the core that is multiplied. What each is worth stands over its chart.'), figures, ...parts);
  }

  if (document.body.dataset.kind === 'projection') projection();
  else sweep();
  document.body.dataset.drawn = 'yes';
})();
