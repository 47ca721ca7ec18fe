import type { CustomLayerInterface, Map as GlMap } from "maplibre-gl";

import { COURIER_STATES, SELECTED, STRIDE, type Fleet } from "./fleet.ts";

/** Wall ms between two frames while somebody glides: thirty a second look like riding, and leave the machine its breath. */
const FRAME_MS = 33;

/** A colour as WebGL takes it, 0 to 1. */
export type Rgb = readonly [number, number, number];

export interface FleetColors {
  /** One a courier's state. */
  readonly states: readonly Rgb[];
  /** Around each dot. */
  readonly rim: Rgb;
  readonly selected: Rgb;
}

/** `#14594a` as WebGL takes it. */
export function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

const VERTEX = `#version 300 es
in vec2 a_corner;
in vec4 a_way;
in vec2 a_time;
in vec2 a_look;
uniform mat4 u_matrix;
uniform vec2 u_viewport;
uniform float u_now;
uniform float u_size;
out vec2 v_at;
flat out float v_heading;
flat out int v_state;
flat out int v_selected;
void main() {
  float share = a_time.y <= 0.0 ? 1.0 : clamp((u_now - a_time.x) / a_time.y, 0.0, 1.0);
  gl_Position = u_matrix * vec4(mix(a_way.xy, a_way.zw, share), 0.0, 1.0);
  int look = int(a_look.y + 0.5);
  v_selected = look / ${SELECTED};
  v_state = look - v_selected * ${SELECTED};
  float size = u_size * (v_selected == 1 ? 1.6 : 1.0);
  gl_Position.xy += a_corner * size / u_viewport * 2.0 * gl_Position.w;
  v_at = a_corner;
  v_heading = a_look.x;
}`;

/** A dot with a rim; where the heading is known, a tip that points there. All as distances, so that edges are smooth at every size. */
const FRAGMENT = `#version 300 es
precision mediump float;
in vec2 v_at;
flat in float v_heading;
flat in int v_state;
flat in int v_selected;
uniform vec3 u_states[${COURIER_STATES.length}];
uniform vec3 u_rim;
uniform vec3 u_selected;
out vec4 color;
void main() {
  float away = length(v_at) - 0.56;
  if (v_heading > -8.0) {
    float s = sin(v_heading), c = cos(v_heading);
    vec2 at = vec2(c * v_at.x - s * v_at.y, s * v_at.x + c * v_at.y);
    float tip = max(abs(at.x) * 0.83 + (at.y - 0.98) * 0.56, 0.2 - at.y);
    away = min(away, tip);
  }
  float edge = fwidth(v_at.x) * 1.2;
  float shape = 1.0 - smoothstep(-edge, 0.0, away);
  float core = 1.0 - smoothstep(-edge, 0.0, away + (v_selected == 1 ? 0.22 : 0.15));
  vec3 rim = v_selected == 1 ? u_selected : u_rim;
  color = vec4(mix(rim, u_states[v_state], core), 1.0) * shape;
}`;

/** Draws a fleet on a map, one instance a courier: the graphics card moves them, a frame costs the page one call. [OPM5] */
export function makeFleetLayer(
  id: string,
  fleet: Fleet,
  colors: FleetColors,
  wallMs: () => number,
): CustomLayerInterface {
  let map: GlMap | undefined;
  let parts: Parts | undefined;
  let uploaded = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function upload(gl: WebGL2RenderingContext, { instances }: Parts): void {
    if (uploaded === fleet.version) return;
    uploaded = fleet.version;
    gl.bindBuffer(gl.ARRAY_BUFFER, instances);
    gl.bufferData(gl.ARRAY_BUFFER, fleet.drawn.subarray(0, fleet.count * STRIDE), gl.DYNAMIC_DRAW);
  }

  return {
    id,
    type: "custom",
    onAdd(onto, gl) {
      map = onto;
      parts = makeParts(gl);
      uploaded = -1;
    },
    onRemove(_map, gl) {
      clearTimeout(timer);
      if (parts) freeParts(gl, parts);
      parts = undefined;
    },
    render(gl, input) {
      if (!map || !parts || fleet.count === 0) return;
      const nowMs = wallMs();
      upload(gl, parts);
      gl.useProgram(parts.program);
      setUniforms(gl, parts.program, {
        matrix: around(input.defaultProjectionData.mainMatrix, fleet.origin),
        nowS: fleet.secondsAt(nowMs),
        sizePx: sizeAt(map.getZoom()) * devicePixelRatio,
        colors,
      });
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      gl.bindVertexArray(parts.vertices);
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, fleet.count);
      gl.bindVertexArray(null);
      if (nowMs >= fleet.movingUntilMs) return;
      clearTimeout(timer);
      timer = setTimeout(() => map?.triggerRepaint(), FRAME_MS);
    },
  };
}

/** Half the width of a dot with its tip, CSS px: small over a whole city, a finger's width in a street. */
export function sizeAt(zoom: number): number {
  return Math.max(5, Math.min(18, 5 + (zoom - 10.5) * 2.6));
}

/** The matrix for places that are counted from an origin; in 64 bits, as 32 would shake at street zoom. */
function around(matrix: ArrayLike<number>, [x, y]: readonly [number, number]): Float32Array {
  const moved = Float64Array.from({ length: 16 }, (_, i) => matrix[i] ?? 0);
  for (let row = 0; row < 4; row += 1) {
    moved[12 + row] = (matrix[row] ?? 0) * x + (matrix[4 + row] ?? 0) * y + (matrix[12 + row] ?? 0);
  }
  return Float32Array.from(moved);
}

interface Parts {
  readonly program: WebGLProgram;
  readonly vertices: WebGLVertexArrayObject;
  readonly corners: WebGLBuffer;
  readonly instances: WebGLBuffer;
}

function makeParts(gl: WebGL2RenderingContext): Parts {
  const program = makeProgram(gl);
  const vertices = gl.createVertexArray();
  const corners = gl.createBuffer();
  const instances = gl.createBuffer();
  gl.bindVertexArray(vertices);
  gl.bindBuffer(gl.ARRAY_BUFFER, corners);
  gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]), gl.STATIC_DRAW);
  attribute(gl, program, { name: "a_corner", size: 2, stride: 2, offset: 0, each: 0 });
  gl.bindBuffer(gl.ARRAY_BUFFER, instances);
  attribute(gl, program, { name: "a_way", size: 4, stride: STRIDE, offset: 0, each: 1 });
  attribute(gl, program, { name: "a_time", size: 2, stride: STRIDE, offset: 4, each: 1 });
  attribute(gl, program, { name: "a_look", size: 2, stride: STRIDE, offset: 6, each: 1 });
  gl.bindVertexArray(null);
  return { program, vertices, corners, instances };
}

function freeParts(gl: WebGL2RenderingContext, { program, vertices, corners, instances }: Parts): void {
  gl.deleteProgram(program);
  gl.deleteVertexArray(vertices);
  gl.deleteBuffer(corners);
  gl.deleteBuffer(instances);
}

interface Attribute {
  readonly name: string;
  readonly size: number;
  /** In numbers of four bytes, as is the offset. */
  readonly stride: number;
  readonly offset: number;
  /** 1: one for each instance; 0: one for each corner. */
  readonly each: number;
}

function attribute(gl: WebGL2RenderingContext, program: WebGLProgram, of: Attribute): void {
  const at = gl.getAttribLocation(program, of.name);
  gl.enableVertexAttribArray(at);
  gl.vertexAttribPointer(at, of.size, gl.FLOAT, false, of.stride * 4, of.offset * 4);
  gl.vertexAttribDivisor(at, of.each);
}

interface Uniforms {
  readonly matrix: Float32Array;
  readonly nowS: number;
  readonly sizePx: number;
  readonly colors: FleetColors;
}

function setUniforms(gl: WebGL2RenderingContext, program: WebGLProgram, of: Uniforms): void {
  const at = (name: string) => gl.getUniformLocation(program, name);
  gl.uniformMatrix4fv(at("u_matrix"), false, of.matrix);
  gl.uniform2f(at("u_viewport"), gl.drawingBufferWidth, gl.drawingBufferHeight);
  gl.uniform1f(at("u_now"), of.nowS);
  gl.uniform1f(at("u_size"), of.sizePx);
  gl.uniform3fv(at("u_states"), of.colors.states.flat());
  gl.uniform3fv(at("u_rim"), of.colors.rim);
  gl.uniform3fv(at("u_selected"), of.colors.selected);
}

/** @throws {Error} with the compiler's words, when the shaders do not compile */
function makeProgram(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) throw new Error("the graphics context is lost");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? "no program");
  return program;
}
