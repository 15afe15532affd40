// Opens the browser given and does what the lines of its standard input say: {"open": URL} shows a page,
// {"eval": EXPRESSION} answers with its value. Answers each with one line: {"value": …} or {"error": …}.
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const browser = await chromium.launch({ executablePath: process.argv[2], args: ["--no-sandbox"] });
const page = await browser.newPage();
const said = [];
page.on("console", (message) => said.push(message.text()));
page.on("pageerror", (error) => said.push(String(error)));

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  let answer;
  try {
    if (command.open) await page.goto(command.open, { waitUntil: "load" });
    answer = { value: command.eval ? ((await page.evaluate(command.eval)) ?? null) : said.splice(0) };
  } catch (error) {
    answer = { error: String(error) };
  }
  console.log(JSON.stringify(answer));
}
await browser.close();
