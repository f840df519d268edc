// What old libraries did to the language and the document, written for these tests.
(function () {
  function patched() { throw new Error("patched"); }
  // As MooTools 1.2: no map function.
  Array.from = function (list) { for (var made = [], i = 0; i < list.length; i++) made.push(list[i]); return made; };
  // As Prototype.js 1.6: what JSON.stringify writes twice, other meanings of known names, all of it seen by for-in.
  Array.prototype.toJSON = function () { return "[" + this.map(function (x) { return JSON.stringify(x); }).join(", ") + "]"; };
  Array.prototype.each = Array.prototype.forEach;
  Array.prototype.reduce = function () { return this.length > 1 ? this : this[0]; };
  Array.prototype.entries = function () { return this.slice(); };
  Array.prototype.find = Array.prototype.detect = function () { return undefined; };
  Object.prototype.extend = function () { return this; };
  Function.prototype.bind = function (self) { var method = this; return function () { return method.apply(self, arguments); }; };
  // As pages that give elements methods of their own.
  Element.prototype.remove = Element.prototype.closest = Element.prototype.toggle = patched;
  Element.prototype.append = Element.prototype.prepend = Element.prototype.replaceChildren = patched;
  // As a page with an AMD loader, and with names that globals of ours could meet.
  window.define = patched; window.define.amd = {}; window.$ = window._ = window.Story = window.el = patched;
})();
