/*! Broadcast for browsers, as a module. See docs/browser.md. */
import './broadcast.js';

export const BroadcastSource = globalThis.BroadcastSource;
export default BroadcastSource;
