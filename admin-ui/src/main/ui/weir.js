import './parts/app.js';
