// Gives the texts that can be seen and have too little contrast for WCAG's level AA, each with its ratio.
const channel = (value) => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
const luminance = ([red, green, blue]) =>
  0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
const colors = (text) =>
  [...text.matchAll(/rgba?\(([^)]*)\)/g)]
    .map(([, inner]) => inner.split(/[ ,/]+/).map(Number))
    .filter(([, , , alpha]) => alpha === undefined || alpha === 1);

/** All colours that may lie behind it: a gradient has two, and what lies under it shows as well. */
const behind = (element) => {
  const found = [];
  for (let each = element; each; each = each.parentElement) {
    const style = getComputedStyle(each);
    found.push(...colors(style.backgroundImage));
    const [solid] = colors(style.backgroundColor);
    if (solid) {
      return [...found, solid];
    }
  }
  return [...found, [255, 255, 255]];
};

const bad = [];
let seen = 0;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  const isUnseen = element.closest(".unseen, .skip, script, noscript, datalist");
  if (!walker.currentNode.data.trim() || isUnseen || !element.checkVisibility()) {
    continue;
  }
  seen++;
  const style = getComputedStyle(element);
  const [front] = colors(style.color);
  const isLarge = parseFloat(style.fontSize) >= 24;
  for (const back of behind(element)) {
    const [low, high] = [luminance(front), luminance(back)].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < (isLarge ? 3 : 4.5)) {
      bad.push(`${ratio.toFixed(2)}: ${walker.currentNode.data.trim()}`);
    }
  }
}
return seen < 50 ? [`only ${seen} texts were looked at`] : bad;
