package lua53

import "errors"

func (s *State) load(source, name, mode string, env val) (*function, error) {
	return nil, errors.New("not yet")
}
