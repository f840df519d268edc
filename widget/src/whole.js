/** The pinned file: stories.js with the form in it. */
import "./held.js";
import "./stories.js";
