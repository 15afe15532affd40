/** The visitor's keys: in this tab's session storage, nowhere else; never in an address. */
import { $, put } from './dom.js';

const PLACE = 'broadcast.live-page.';
let asking = null;

const read = (name) => {
  try {
    return sessionStorage.getItem(PLACE + name) ?? '';
  } catch {
    return ''; // a browser that keeps nothing
  }
};

function write(name, value) {
  try {
    if (value) {
      sessionStorage.setItem(PLACE + name, value);
    } else {
      sessionStorage.removeItem(PLACE + name);
    }
  } catch {
    // It holds until the page is left.
  }
  held[name] = value;
}

const held = { admin: read('admin'), publish: read('publish') };

/** The key for a request, empty for none. The administration key may do everything. */
export const keyFor = (right) => (right === 'publish' ? held.publish || held.admin : held.admin || held.publish);

/**
 * Asks for keys; resolves with whether some were given. Several who ask at once wait for the same
 * answer.
 *
 * @param why what was refused, empty if the visitor asked for the dialogue
 */
export function askForKeys(why) {
  asking ??= new Promise((done) => {
    const dialog = $('keys');
    $('key-admin').value = held.admin;
    $('key-publish').value = held.publish;
    put($('keys-problem'), why);
    const close = (given) => {
      $('keys-form').onsubmit = null;
      $('keys-cancel').onclick = null;
      dialog.oncancel = null;
      dialog.close();
      asking = null;
      done(given);
    };
    $('keys-form').onsubmit = (event) => {
      event.preventDefault();
      write('admin', $('key-admin').value.trim());
      write('publish', $('key-publish').value.trim());
      close(true);
    };
    $('keys-cancel').onclick = () => close(false);
    dialog.oncancel = () => close(false);
    dialog.showModal();
  });
  return asking;
}
