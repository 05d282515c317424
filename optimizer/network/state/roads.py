"""The roads of a theatre as arrays, one entry an edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

if TYPE_CHECKING:
    import geopandas as gpd

    from optimizer.terrain.theatre import Theatre

__all__ = ["FOR_WALKERS", "NOT_TO_LEAVE", "Roads"]

#: Highway values of roads that cannot be left, and joined, between junctions.
NOT_TO_LEAVE = frozenset({"motorway", "motorway_link"})
#: Highway values that a planner who points at a road does not mean.
FOR_WALKERS = frozenset({"footway", "path", "steps"})


@dataclass(frozen=True)
class Roads:
    """The roads of a theatre.

    Parameters
    ----------
    id, way : tuple of str
        Names of each edge and of its way.
    highway, surface : ndarray of str, shape (edges,)
        OSM highway value and surface.
    tail, head : ndarray of int32, shape (edges,)
        Nodes that it runs from and to.
    oneway : ndarray of int8, shape (edges,)
        1 from tail to head only, -1 from head to tail only, 0 both.
    bridge, tunnel, ford : ndarray of bool, shape (edges,)
        What it is.
    max_weight_t, max_height_m, max_width_m, max_speed_kmh : ndarray of float64, shape (edges,)
        Posted limits; NaN where there is none.
    mlc_wheeled, mlc_tracked : ndarray of float64, shape (edges,)
        Assessed load classes; NaN where there is none.
    ford_depth_m : ndarray of float64, shape (edges,)
        Ordinary depth of a ford; NaN where it is not known.
    length_m : ndarray of float64, shape (edges,)
        Length.
    grade : ndarray of float64, shape (edges,)
        Rise over length from tail to head.
    line : ndarray of LineString, shape (edges,)
        Course in the theatre's CRS.
    node_xy : ndarray of float64, shape (nodes, 2)
        Positions of the nodes in the theatre's CRS.
    tree : STRtree
        Spatial index over `line`.
    """

    id: tuple[str, ...]
    way: tuple[str, ...]
    highway: NDArray[np.str_]
    surface: NDArray[np.str_]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    oneway: NDArray[np.int8]
    bridge: NDArray[np.bool_]
    tunnel: NDArray[np.bool_]
    ford: NDArray[np.bool_]
    max_weight_t: NDArray[np.float64]
    max_height_m: NDArray[np.float64]
    max_width_m: NDArray[np.float64]
    max_speed_kmh: NDArray[np.float64]
    mlc_wheeled: NDArray[np.float64]
    mlc_tracked: NDArray[np.float64]
    ford_depth_m: NDArray[np.float64]
    length_m: NDArray[np.float64]
    grade: NDArray[np.float64]
    line: NDArray[np.object_]
    node_xy: NDArray[np.float64]
    tree: shapely.STRtree

    @classmethod
    def of(cls, theatre: Theatre) -> Roads:
        """Read the roads of a theatre.

        Parameters
        ----------
        theatre : Theatre
            Theatre.

        Returns
        -------
        Roads
            Its roads, in the order of the layer.
        """
        frame, nodes = theatre.frame("roads"), theatre.frame("nodes")
        length_m = _floats(frame, "length_m")
        line = np.asarray(frame.geometry.array, dtype=np.object_)
        return cls(
            id=tuple(frame["id"].astype(str)),
            way=tuple(frame["way"].astype(str)),
            highway=frame["class"].to_numpy(str),
            surface=frame["surface"].to_numpy(str),
            tail=frame["from_node"].to_numpy(np.int32),
            head=frame["to_node"].to_numpy(np.int32),
            oneway=frame["oneway"].to_numpy(np.int8),
            bridge=frame["bridge"].to_numpy(np.bool_),
            tunnel=frame["tunnel"].to_numpy(np.bool_),
            ford=frame["ford"].to_numpy(np.bool_),
            max_weight_t=_floats(frame, "max_weight_t"),
            max_height_m=_floats(frame, "max_height_m"),
            max_width_m=_floats(frame, "max_width_m"),
            max_speed_kmh=_floats(frame, "max_speed_kmh"),
            mlc_wheeled=_floats(frame, "mlc_wheeled"),
            mlc_tracked=_floats(frame, "mlc_tracked"),
            ford_depth_m=_floats(frame, "ford_depth_m")
            if "ford_depth_m" in frame
            else np.full(len(frame), np.nan),
            length_m=length_m,
            grade=(_floats(frame, "to_z_m") - _floats(frame, "from_z_m")) / length_m,
            line=line,
            node_xy=shapely.get_coordinates(nodes.geometry.array).reshape(-1, 2),
            tree=shapely.STRtree(line),
        )

    def __len__(self) -> int:
        return len(self.id)


def _floats(frame: gpd.GeoDataFrame, column: str) -> NDArray[np.float64]:
    values: Any = frame[column]
    return np.asarray(values.to_numpy(np.float64, na_value=np.nan), np.float64)
