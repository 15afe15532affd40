/** The live page: asks once a second how the cluster is, while somebody looks. */
import { get } from './api.js';
import { charts } from './charts.js';
import { connections, connectionsInAll } from './connections.js';
import { $ } from './dom.js';
import { Figures } from './figures.js';
import { askForKeys } from './keys.js';
import { showNodes } from './nodes.js';
import { showOverview, showTrouble } from './overview.js';
import { publishing } from './publish.js';
import { showReasons } from './reasons.js';
import { replaying } from './replay.js';
import { selfTesting } from './selftest.js';
import { tailing } from './tail.js';
import { topics } from './topics.js';

const EVERY = 1000;

const figures = new Figures();
let showCharts = null;

/** The first time: makes the page visible, all at once, so that nothing moves later. */
function reveal(administers) {
  const main = $('main');
  if (!main.hidden) {
    return;
  }
  main.hidden = false;
  main.classList.toggle('only-open', !administers);
  main.querySelectorAll('.admin').forEach((section) => (section.hidden = !administers));
  publishing(() => {});
  tailing();
  topics();
  replaying();
  if (administers) {
    showCharts = charts();
    connections();
    selfTesting();
  }
}

async function ask() {
  const answer = await get('cluster');
  figures.take(answer, Date.now());
  connectionsInAll(figures.sum((node) => node.now.connections));
  reveal(true);
  showOverview(figures, answer);
  showNodes(figures);
  showReasons(figures);
  showCharts(figures);
}

/** Asks again and again; answers false once the visitor goes on without a key. */
async function beat() {
  try {
    await ask();
  } catch (problem) {
    if (!problem.wantsKey) {
      showTrouble('bad', problem.message ?? String(problem));
      if (!(problem.status >= 0)) {
        throw problem;
      }
    } else if (!(await askForKeys(problem.message))) {
      showTrouble('warn', 'Without the administration key: publishing, tail, topics and replay only');
      reveal(false);
      return false;
    }
  }
  return true;
}

async function run() {
  for (;;) {
    const begun = performance.now();
    if (!document.hidden && !(await beat())) {
      return;
    }
    await new Promise((done) => setTimeout(done, Math.max(200, EVERY - (performance.now() - begun))));
  }
}

$('keys-button').addEventListener('click', async () => {
  if (await askForKeys('')) {
    location.reload();
  }
});
run();
